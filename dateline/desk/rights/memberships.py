"""Who has which role where: a page for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from dateline.desk.terms import TermField
from dateline.people.models import Membership, Role
from dateline.vocabularies.models import Office

EVERYWHERE = pgettext_lazy("office", "everywhere")


def office_field() -> TermField:
    """Where a role counts: an office with all below it, or everywhere."""
    return TermField(
        Office,
        label=capfirst(Office._meta.verbose_name),
        empty_label=EVERYWHERE,
        help_text=_("The role counts there and in all offices below it."),
    )


class MembershipForm(WagtailAdminModelForm):
    """A person, a role, and an office or none."""

    office = office_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].label_from_instance = get_user_display_name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        refuse_somewhere(self, cleaned)
        same = Membership.objects.filter(
            user=cleaned.get("user"), role=cleaned.get("role"), office=cleaned.get("office")
        )
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("This person has this role there already."))
        return cleaned


def refuse_somewhere(form: Any, cleaned: dict[str, Any]) -> None:
    """An administrator's role is in no office of its own."""
    if cleaned.get("role") == Role.ADMINISTRATOR and cleaned.get("office"):
        form.add_error("office", gettext("Administrators keep the whole newsroom: everywhere."))


class GiveRoleView(generic.CreateView):
    """The form for a role, for the person whose page it was opened from."""

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        given = self.request.GET.get("user", "")
        return initial | ({"user": given} if given.isdecimal() else {})


class MembershipViewSet(ModelViewSet):
    """Memberships, listed by person."""

    model = Membership
    icon = "group"
    name = "membership"
    add_view_class = GiveRoleView
    menu_label = _("Roles")
    menu_order = 601
    add_to_settings_menu = True
    inspect_view_enabled = False
    copy_view_enabled = False
    list_display = [
        Column(
            "user",
            label=_("Person"),
            accessor=lambda row: get_user_display_name(row.user),
            sort_key="user__username",
        ),
        Column("role", label=_("Role"), accessor="get_role_display", sort_key="role"),
        Column("office", label=_("Office"), accessor=lambda row: row.office or EVERYWHERE),
    ]
    list_filter = ["role"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email"]
    search_backend_name = None
    edit_handler = ObjectList(
        [FieldPanel("user"), FieldPanel("role"), FieldPanel("office")],
        base_form_class=MembershipForm,
    )
