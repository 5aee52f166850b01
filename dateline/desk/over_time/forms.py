"""What each act asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from dateline.desk.over_time.acts import Nested
from dateline.desk.terms import TermField, TermsField
from dateline.lib import languages
from dateline.vocabularies import snapshot


class Act(forms.Form):
    """An act on one term; `given` is what `acts` and `effects` take."""

    def __init__(self, term: Nested, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term

    @property
    def given(self) -> dict[str, Any]:
        """The act's arguments, once the form is valid."""
        return self.cleaned_data


class Rename(Act):
    """A name for each language, and a slug."""

    on = forms.DateField(label=gettext_lazy("From"), widget=AdminDateInput)
    slug = forms.CharField(
        label=gettext_lazy("Slug"),
        max_length=120,
        validators=[validate_slug],
        help_text=gettext_lazy("Stands in addresses. The old one goes on leading here."),
    )

    def __init__(self, term: Nested, *args: Any, **kwargs: Any) -> None:
        super().__init__(term, *args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        self.fields["slug"].initial = term.slug
        now = {name.language: name.name for name in term.names.filter(valid_until=None)}
        for tag in settings.NEWSROOM.languages:
            self.fields[f"name-{tag}"] = forms.CharField(
                label=languages.endonym(tag),
                max_length=255,
                required=False,
                initial=now.get(tag, ""),
                widget=forms.TextInput(attrs={"lang": tag, "dir": "auto"}),
            )
        self.order_fields([*(f"name-{tag}" for tag in settings.NEWSROOM.languages), "on", "slug"])

    @property
    def given(self) -> dict[str, Any]:
        names = {tag: self.cleaned_data[f"name-{tag}"] for tag in settings.NEWSROOM.languages}
        return {"names": names, "on": self.cleaned_data["on"], "slug": self.cleaned_data["slug"]}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        other = snapshot.current().term(self.term.facet, slug)
        if other is not None and other.id != self.term.pk:
            said = _("“%(slug)s” leads to %(term)s already.")
            raise ValidationError(said % {"slug": slug, "term": other.label("en")})
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(f"name-{tag}") for tag in settings.NEWSROOM.languages):
            raise ValidationError(_("A name of today is needed."))
        since = [name.valid_from for name in self.term.names.filter(valid_until=None)]
        begun = max((day for day in since if day), default=None)
        if begun and cleaned.get("on") and cleaned["on"] <= begun:
            said = _("It has had its present name since %(day)s: the new one begins after that.")
            self.add_error("on", said % {"day": begun})
        return cleaned


class Close(Act):
    """A day, and what came after it."""

    on = forms.DateField(
        label=gettext_lazy("Closed on"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("Empty: the day is not known."),
    )

    def __init__(self, term: Nested, *args: Any, **kwargs: Any) -> None:
        super().__init__(term, *args, **kwargs)
        after = TermsField(
            type(term),
            label=_("What came after it"),
            help_text=_("One: it became part of that. Several: it was split. None: it just ended."),
        )
        after.queryset = _others(term)
        after.limit_to(_offered(term))
        self.fields["successors"] = after
        self.initial["successors"] = [each.pk for each in term.successors.all()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opened = self.term.opened_on
        if opened and cleaned.get("on") and cleaned["on"] < opened:
            self.add_error("on", _("It was opened on %(day)s.") % {"day": opened})
        known = snapshot.current()
        led_here = known.predecessors(known.by_id[self.term.facet][self.term.pk])
        if round_about := [each for each in cleaned.get("successors", ()) if each.pk in led_here]:
            said = _("%(term)s came before it, and cannot have come after it.")
            self.add_error("successors", said % {"term": round_about[0]})
        return cleaned


class Merge(Act):
    """Which term it is the same as."""

    def __init__(self, term: Nested, *args: Any, **kwargs: Any) -> None:
        super().__init__(term, *args, **kwargs)
        into = TermField(
            type(term),
            label=_("It is the same as"),
            empty_label="—",
            help_text=_("What it is called today becomes a former name of that one."),
        )
        into.required = True
        into.queryset = _others(term)
        into.offered = _offered(term)
        self.fields["into"] = into

    @property
    def given(self) -> dict[str, Any]:
        return {"into": self.cleaned_data["into"], "on": timezone.localdate()}


class Reopen(Act):
    """Nothing more to say."""


def _others(term: Nested) -> Any:
    """What may be chosen: a term that was merged since the page was opened is refused."""
    return type(term)._default_manager.filter(merged_into=None).exclude(pk=term.pk)


def _offered(term: Nested) -> frozenset[int]:
    return frozenset(other.id for other in snapshot.current().terms(term.facet)) - {term.pk}
