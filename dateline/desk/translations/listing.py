"""The page of all translations: what is missing, begun, behind or up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView

from dateline.desk import story_list, terms
from dateline.desk.translations import progress
from dateline.desk.translations.progress import FEW, LOOKED_AT, Line, Progress, Wanted
from dateline.lib import languages
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import visibility
from dateline.publishing.models import Kind, Version
from dateline.publishing.releases import TOLD
from dateline.stories.models import State, Story
from dateline.stories.ports import language_of

EDIT = "wagtailsnippets_stories_story:edit"


@dataclass(frozen=True, slots=True)
class Text:
    """A headline that leads somewhere; `address` is "" for one that is only named."""

    headline: str
    language: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What came to a source last; `address` is the public page that shows it, if there is one."""

    corrected: bool
    note: str
    language: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """A translation, or a source with the languages it is `missing` in."""

    progress: Progress
    when: datetime
    text: Text
    source: Text | None
    told: Told | None
    missing: Sequence[Text]
    public: bool
    offices: str

    @property
    def language(self) -> str:
        return languages.endonym(self.text.language)


@dataclass(frozen=True, slots=True)
class Tab:
    """A state to look at, with how many there are."""

    label: str
    count: str
    address: str
    is_open: bool


class TranslationFilters(WagtailFilterSet):
    """Language comes from Wagtail, by its name for it: locale."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        empty_label=_("All"),
        choices=Progress.choices,
        widget=forms.RadioSelect,
    )
    office = django_filters.ChoiceFilter(
        label=_("Office"), empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = Story
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["locale"].label = _("Language")
        mine = rights.offices(self.request.user, Action.TRANSLATE)
        self.filters["office"].extra["choices"] = terms.choices("office", mine)


class TemplateColumn(Column):
    """A cell that shows more than one value."""

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(name, **options)
        self.cell_template_name = f"desk/translations/{name}_cell.html"


class Translations(BaseListingView):
    """What a person may translate, the last changed first."""

    page_title = _("Translations")
    header_icon = "globe"
    verbose_name_plural = _("translations")
    results_template_name = "desk/translations/listing_results.html"
    index_url_name = "desk_all_translations"
    index_results_url_name = "desk_all_translations_results"
    filterset_class = TranslationFilters
    table_classname = "listing desk-translations"
    paginate_by = 20
    _show_breadcrumbs = True

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TemplateColumn("text", label=gettext("Headline")),
            TemplateColumn("language", label=gettext("Language")),
            TemplateColumn("progress", label=gettext("State")),
            TemplateColumn("when", label=gettext("Changed")),
            Column("offices", label=capfirst(Story._meta.get_field("offices").verbose_name)),
        ]

    @cached_property
    def asked(self) -> Mapping[str, Any]:
        """The filters that make sense."""
        valid = self.filters.form
        valid.is_valid()
        return {name: value for name, value in valid.cleaned_data.items() if value}

    @cached_property
    def found(self) -> dict[Progress, list[Line]]:
        """All there is in the language and office, whichever state is looked at."""
        office = self.asked.get("office")
        wanted = Wanted(
            self.request.user, self.asked.get("locale"), int(office) if office else None
        )
        return progress.lines(wanted)

    def get_queryset(self) -> list[Line]:
        state = self.asked.get("state")
        shown = [self.found[Progress(state)]] if state else self.found.values()
        return sorted(
            (line for lines in shown for line in lines[:FEW]),
            key=lambda line: line.when,
            reverse=True,
        )

    def get_table(self, object_list: Sequence[Line], **kwargs: Any) -> Any:
        return super().get_table(rows(object_list, self.request.user, self.asked.get("locale")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        cut = any(len(lines) > FEW for lines in self.found.values())
        return context | {
            "tabs": list(self._tabs()),
            "few": FEW if cut else None,
            "looked_at": LOOKED_AT if progress.older_ones() else None,
        }

    def _tabs(self) -> Iterable[Tab]:
        state, others = self.asked.get("state"), dict(self.asked)
        others.pop("state", None)
        counts = {each: len(lines) for each, lines in self.found.items()}
        yield self._tab(gettext("All"), list(counts.values()), others, not state)
        for each, count in counts.items():
            yield self._tab(str(each.label), [count], others | {"state": each}, each == state)

    def _tab(self, label: str, counts: list[int], query: Any, is_open: bool) -> Tab:
        count = number_format(sum(min(each, FEW) for each in counts), force_grouping=True)
        more = "+" if max(counts) > FEW else ""
        address = f"{self.index_url}?{urlencode(query)}" if query else self.index_url
        return Tab(capfirst(label), f"{count}{more}", address, is_open)


def rows(lines: Sequence[Line], user: Any, language: str | None) -> list[Row]:
    """The rows of some lines, in their order, in a number of queries that is always the same."""
    stories = progress.with_origins(_with_drafts(line.story for line in lines))
    found = {story.pk: story for story in stories}
    sources = _Sources([story.origin for story in found.values() if story.origin], user)
    missing = _missing([found[line.story] for line in lines if _is_missing(line)], language)
    where = story_list.where(found.values())
    return [
        Row(
            line.progress,
            line.when,
            _text(story, line, sources, missing.get(story.pk, [])),
            sources.text(story.origin),
            sources.told(story.origin) if line.progress == Progress.BEHIND else None,
            missing.get(story.pk, []),
            story.state == State.PUBLISHED,
            where[story.pk],
        )
        for line in lines
        if (story := found.get(line.story))
    ]


def _is_missing(line: Line) -> bool:
    return line.progress == Progress.MISSING


def _with_drafts(keys: Iterable[int]) -> Any:
    return story_list.rows(Story.objects.filter(pk__in=list(keys)))


def _text(story: Any, line: Line, sources: _Sources, missing: Sequence[Text]) -> Text:
    if _is_missing(line):
        only = missing[0].address if len(missing) == 1 else ""
        address = only or reverse("desk_translations", args=[story.pk])
    elif story.origin in sources.mine:
        address = reverse("desk_translate", args=[story.origin, story.language])
    else:
        address = reverse(EDIT, args=[story.pk])
    return Text(story_list.headline_label(story), story.language, address)


def _missing(stories: Sequence[Story], language: str | None) -> dict[int, list[Text]]:
    """Key of a source → the languages it is missing in, each leading to its translation."""
    keys = [story.translation_key for story in stories]
    there: dict[Any, set[str]] = {}
    texts = Story.objects.filter(translation_key__in=keys).order_by()
    for key, locale in texts.values_list("translation_key", "locale_id"):
        there.setdefault(key, set()).add(language_of(locale) or "")
    wanted = [language] if language else list(settings.NEWSROOM.languages)
    return {
        story.pk: [
            Text(languages.endonym(tag), tag, reverse("desk_translate", args=[story.pk, tag]))
            for tag in wanted
            if tag not in there[story.translation_key]
        ]
        for story in stories
    }


class _Sources:
    """The sources of a page's translations, as far as a person may know of them.

    A translation may stand in an office of theirs while its source does not: what is public of
    that one is named, and no draft is.
    """

    def __init__(self, keys: Sequence[int], user: Any) -> None:
        named = Story.objects.filter(pk__in=keys)
        self.mine = set(progress.translatable(named, user).values_list("pk", flat=True))
        public = visibility.listed(named).values("pk")
        seen = named.filter(Q(pk__in=self.mine) | Q(pk__in=public))
        self._stories = {story.pk: story for story in story_list.rows(seen)}
        told = Version.objects.filter(story__in=self._stories, kind__in=TOLD).defer("content")
        self._told = {version.story_id: version for version in told.order_by("number")}

    def text(self, key: int | None) -> Text | None:
        story = self._stories.get(key) if key else None
        if story is None:
            return None
        own = story_list.headline_label(story) if story.pk in self.mine else story.headline
        return Text(own, story.language)

    def told(self, key: int) -> Told | None:
        version, story = self._told.get(key), self._stories.get(key)
        if version is None or story is None:
            return None
        page = f"/{story.language}/news/{story.number}/v{version.number}/changes"
        shown = visibility.is_listed(story) and version.kind != Kind.PUBLICATION
        is_correction = version.kind == Kind.CORRECTION
        return Told(is_correction, version.note, story.language, page if shown else "")
