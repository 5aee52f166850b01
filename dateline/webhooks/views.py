"""Webhooks at the desk: who is told, with which secret, and what became of each message."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from dateline.webhooks import delivery, listings, secrets
from dateline.webhooks.models import Endpoint, State

SHOWN = 100


class EndpointForm(WagtailAdminModelForm):
    """The address of a list is checked when it is pasted, not when the first story is missed."""

    def clean_listing(self) -> str:
        listing: str = self.cleaned_data["listing"]
        try:
            return listings.query(listing).path()
        except listings.NoListing as error:
            raise ValidationError(
                gettext(
                    "This is not the address of a list of this site: %(reason)s. Open the list, "
                    "choose the filters and copy the address, like /en/news?topic=rule-of-law."
                )
                % {"reason": error}
            ) from error


class EndpointList(IndexView):
    def _get_title_column(self, *args: Any, **kwargs: Any) -> TitleColumn:
        return TitleColumn(
            "name",
            label=_("Name"),
            get_url=lambda endpoint: reverse(self.inspect_url_name, args=[endpoint.pk]),
        )


class EndpointPage(InspectView):
    """The secret and the last messages of one endpoint."""

    template_name = "webhooks/endpoint.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        endpoint: Endpoint = self.object
        context["followed"] = _wider(endpoint)
        context["secret"] = secrets.secret(endpoint)
        context["sent"] = endpoint.messages.order_by("-pk")[:SHOWN]
        context["dead"] = endpoint.messages.filter(state=State.DEAD).count()
        return context


class EndpointViewSet(ModelViewSet):
    model = Endpoint
    icon = "link-external"
    menu_label = _("Webhooks")
    menu_order = 700
    name = "webhooks"
    add_to_settings_menu = True
    index_view_class = EndpointList
    inspect_view_class = EndpointPage
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["name", "url", "listing", BooleanColumn("active", label=_("Active"))]
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("url"), FieldPanel("listing"), FieldPanel("active")],
        base_form_class=EndpointForm,
    )


def _wider(endpoint: Endpoint) -> str:
    """The address of all that is followed, where that is more than the list that was pasted."""
    try:
        now = listings.followed(endpoint.listing)
        return "" if now == listings.query(endpoint.listing) else now.path()
    except listings.NoListing:  # it says so once it is stopped
        return ""


def _endpoint(request: HttpRequest, pk: int) -> Endpoint:
    if not request.user.has_perm("webhooks.change_endpoint"):
        raise PermissionDenied
    return get_object_or_404(Endpoint, pk=pk)


def _back(endpoint: Endpoint) -> HttpResponse:
    return redirect("webhooks:inspect", endpoint.pk)


@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the endpoint a new secret; the one before goes on for a day beside it."""
    endpoint = _endpoint(request, pk)
    Endpoint.objects.filter(pk=pk).update(generation=F("generation") + 1, rotated_at=timezone.now())
    messages.success(request, gettext("There is a new secret; the old one works for a day more."))
    return _back(endpoint)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what was given up again."""
    endpoint = _endpoint(request, pk)
    count = delivery.replay(endpoint.messages.all())
    messages.success(
        request,
        ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
        % {"count": count},
    )
    return _back(endpoint)
