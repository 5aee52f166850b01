"""The pages of an act: what it asks for, what it will mean, and then it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from dateline.desk.over_time import acts, effects, forms
from dateline.desk.over_time.acts import Nested
from dateline.publishing import vocabulary_changes
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Office, Topic

_MODELS: dict[str, type[Office] | type[Topic]] = {"office": Office, "topic": Topic}


@dataclass(frozen=True)
class Kind:
    """An act as the desk offers it; `log` names it in the audit log."""

    form: type[forms.Act]
    perform: Callable[..., None]
    button: Any
    about: Any
    suits: Callable[[Nested], bool]

    @property
    def name(self) -> str:
        return self.perform.__name__

    @property
    def log(self) -> str:
        return f"dateline.term.{self.name}"


KINDS = (
    Kind(
        forms.Rename,
        acts.rename,
        gettext_lazy("Rename"),
        gettext_lazy("From a day on it is called something else."),
        lambda term: True,
    ),
    Kind(
        forms.Close,
        acts.close,
        gettext_lazy("Close or split"),
        gettext_lazy("It ended, became part of another, or was split into several."),
        lambda term: True,
    ),
    Kind(
        forms.Reopen,
        acts.reopen,
        gettext_lazy("Open again"),
        gettext_lazy("It was closed by mistake, or works again."),
        lambda term: term.closed,
    ),
    Kind(
        forms.Merge,
        acts.merge,
        gettext_lazy("Merge"),
        gettext_lazy("It is the same as another, entered twice."),
        lambda term: True,
    ),
)


def buttons(term: Any) -> list[Button]:
    """The ways from a term's own page."""
    address = reverse("desk_over_time", args=[term.facet, term.pk])
    return [Button(_("Over time"), url=address, icon_name="history", priority=5)]


def overview(request: HttpRequest, facet: str, pk: int) -> HttpResponse:
    """What can happen to a term."""
    term = _term(facet, pk)
    kinds = [kind for kind in KINDS if kind.suits(term)]
    return _page(request, "overview", term, {"kinds": kinds, "page_title": _("Over time")})


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, facet: str, pk: int, name: str) -> HttpResponseBase:
    """Ask, show what it will mean (POST), and do it (POST with the `seal` of what was shown)."""
    if request.method != "POST":
        return _act(request, _term(facet, pk), name)
    with transaction.atomic():
        snapshot.hold()
        return _act(request, _term(facet, pk), name)


def _act(request: HttpRequest, term: Nested, name: str) -> HttpResponseBase:
    kind = next((kind for kind in KINDS if kind.name == name and kind.suits(term)), None)
    if kind is None:
        raise Http404
    form = kind.form(term, request.POST if request.method == "POST" else None)
    if not form.is_valid() or "back" in request.POST:
        return _page(request, "act", term, {"kind": kind, "form": form, "page_title": kind.button})
    counted = effects.count(term)
    seal = counted.seal([(field, request.POST.getlist(field)) for field in form.fields])
    if request.POST.get("seal") == seal:
        return _done(request, kind, term, form, counted)
    if "seal" in request.POST:
        messages.warning(request, _("Something has changed meanwhile: look at the numbers again."))
    context = {
        "kind": kind,
        "form": form,
        "page_title": kind.button,
        "seal": seal,
        "lines": effects.said(counted, kind.name, term, form.given),
    }
    return _page(request, "preview", term, context)


def _done(
    request: HttpRequest, kind: Kind, term: Nested, form: forms.Act, counted: effects.Effects
) -> HttpResponseBase:
    label = str(term)
    log(term, kind.log, user=request.user, data={"name": label, **vars(counted), **_kept(form)})
    kind.perform(term, **form.given)
    vocabulary_changes.record()
    messages.success(request, _("Done: %(act)s, %(term)s.") % {"act": kind.button, "term": label})
    return redirect(f"{term.facet}:index")


def _kept(form: forms.Act) -> dict[str, str]:
    return {name: str(value) for name, value in form.given.items() if name != "names"}


def _term(facet: str, pk: int) -> Nested:
    model = _MODELS.get(facet)
    if model is None:
        raise Http404
    found: Nested = get_object_or_404(model._default_manager.filter(merged_into=None), pk=pk)
    return found


def _page(request: HttpRequest, name: str, term: Nested, context: dict[str, Any]) -> HttpResponse:
    shown = {"term": term, "page_subtitle": str(term), "header_icon": "history", **context}
    return render(request, f"desk/over_time/{name}.html", shown)
