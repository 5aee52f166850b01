"""How far the translations of a newsroom are: what is missing, begun, overtaken, and up to date.

Each of the four is found from an index and cut off, so that its cost does not grow with the
archive: drafts by having no publishing date, what is behind by the changes made to published
stories, the others among the newest published texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from dateline.desk.translations.source import WITHDRAWN
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing.models import Kind, Version
from dateline.publishing.releases import TOLD
from dateline.stories.models import State, Story
from dateline.stories.ports import day_start

FEW = 500
"""Stories of one state that are listed."""
LOOKED_AT = 10_000
"""The newest published texts, and the last changes, among which they are looked for."""

_ALIVE = [state for state in State if state not in WITHDRAWN]
_BEGUN = (State.DRAFT, State.UNPUBLISHED)
_CHANGED = (Kind.UPDATE, Kind.CORRECTION)
_CHANGES = (*_CHANGED, Kind.UNPUBLICATION, Kind.OUT_OF_DATE, Kind.RETRACTION)
"""What must have happened to a text for it to have a version after its first."""


class Progress(TextChoices):
    """How far a translation is; a draft whose source was changed since is behind."""

    MISSING = "missing", _("missing")
    DRAFT = "draft", _("draft")
    BEHIND = "behind", _("behind")
    CURRENT = "current", _("up to date")


@dataclass(frozen=True, slots=True)
class Line:
    """A translation, or of what is missing the source; `when` it, or its source, last changed."""

    story: int
    progress: Progress
    when: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose translations: those a person may make, of one office and one language or of any."""

    user: Any
    language: str | None = None
    office: int | None = None

    @property
    def stories(self) -> QuerySet[Story]:
        """The stories of these offices, in all languages."""
        mine = translatable(Story.objects.all(), self.user)
        return mine.filter(_under([self.office])) if self.office is not None else mine

    @property
    def texts(self) -> QuerySet[Story]:
        """Those in the language that is looked for."""
        if self.language is None:
            return self.stories
        locale = Locale.objects.filter(language_code=self.language).first()
        return _where(self.stories, "locale", locale.pk if locale else -1)


def translatable(stories: QuerySet[Story], user: Any) -> QuerySet[Story]:
    """Those of the stories that stand in an office a person may translate for."""
    mine = rights.offices(user, Action.TRANSLATE)
    return stories if mine is None else stories.filter(_under(mine))


@contextmanager
def uncompiled() -> Iterator[None]:
    """Keep PostgreSQL from compiling these queries, which takes a second and gains nothing.

    It goes by the cost it expects, and cannot know that they end long before the archive does.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL jit = off")
        yield


def lines(wanted: Wanted) -> dict[Progress, list[Line]]:
    """What there is of each state, the last changed first, at most one more than FEW."""
    with uncompiled():
        return {
            Progress.MISSING: _by_date(Progress.MISSING, missing(wanted)),
            Progress.DRAFT: _by_moment(Progress.DRAFT, drafts(wanted)),
            Progress.BEHIND: _by_moment(Progress.BEHIND, behind(wanted.texts)),
            Progress.CURRENT: _by_date(Progress.CURRENT, current(wanted)),
        }


def missing(wanted: Wanted) -> QuerySet[Story]:
    """Published sources without a text in the language, or in one of the newsroom's."""
    tags = [wanted.language] if wanted.language else list(settings.NEWSROOM.languages)
    texts = Story.objects.filter(
        translation_key=OuterRef("translation_key"), locale__language_code__in=tags
    )
    there = texts.order_by().values("translation_key").annotate(texts=Count("pk")).values("texts")
    now = timezone.now()
    sources = _newest(wanted.stories.filter(Q(expire_at=None) | Q(expire_at__gt=now)))
    lacking = sources.annotate(there=Coalesce(Subquery(there), 0)).filter(there__lt=len(tags))
    return _where(lacking, "translated_from", 0).filter(_none(_before().values("pk")))


def drafts(wanted: Wanted) -> QuerySet[Story]:
    """Translations begun and not published, with `when` they were last saved."""
    ends = Version.objects.filter(kind=Kind.UNPUBLICATION).order_by("-at")[:LOOKED_AT]
    never = Q(published_on=None) | Q(pk__in=ends.values("story"))
    begun = wanted.texts.filter(never, state__in=_BEGUN, latest_revision__isnull=False)
    saved: QuerySet[Story] = (
        _translations(begun).filter(~_OVERTAKEN).annotate(when=F("latest_revision__created_at"))
    )
    return saved


def behind(texts: QuerySet[Story]) -> QuerySet[Story]:
    """Translations whose source was changed since, with `when`, the last changed first."""
    changes = Version.objects.filter(kind__in=_CHANGES).order_by("-at")[:LOOKED_AT]
    keys = Story.objects.filter(pk__in=changes.values("story")).values("translation_key")
    found = texts.filter(translation_key__in=keys, state__in=(State.PUBLISHED, *_BEGUN))
    told = Version.objects.filter(story=OuterRef("origin"), kind__in=TOLD).order_by("-number")
    overtaken: QuerySet[Story] = (
        _translations(found)
        .filter(_OVERTAKEN)
        .annotate(when=Subquery(told.values("at")[:1]))
        .order_by("-when", "pk")
    )
    return overtaken


def current(wanted: Wanted) -> QuerySet[Story]:
    """Published translations that have all their source has."""
    return _translations(_newest(wanted.texts)).filter(~_OVERTAKEN)


def with_origins(texts: QuerySet[Story]) -> QuerySet[Story]:
    """Texts with the key of their `origin`: the one they name, else the first of their release."""
    first = Subquery(_before().order_by("pk").values("pk")[:1])
    found: QuerySet[Story] = texts.annotate(origin=Coalesce("translated_from", first))
    return found


def older_ones() -> bool:
    """Whether there are published texts that are not looked at."""
    dated: QuerySet[Story] = Story.objects.filter(published_on__isnull=False).order_by()
    return dated[LOOKED_AT:].exists()


def _under(offices: Iterable[int]) -> Q:
    links = Story.offices.through.objects.filter(story=OuterRef("pk"), office_id__in=offices)
    return ~_none(links.values("office_id"))


def _none(rows: QuerySet[Any, Any]) -> Q:
    """Whether there is no such row, asked of each story.

    Of EXISTS PostgreSQL makes a join, and begins with the links of an office that has a third of
    the archive.
    """
    return Q(IsNull(Subquery(rows[:1]), True))


def _where(stories: QuerySet[Story], key: str, value: int) -> QuerySet[Story]:
    """Those whose foreign key has this value, 0 for none, found without the key's own index.

    A database would begin with it, and then read a third of the archive to sort it.
    """
    found: QuerySet[Story] = stories.alias(**{f"its_{key}": Coalesce(key, 0)})
    return found.filter(**{f"its_{key}": value})


def _newest(stories: QuerySet[Story]) -> QuerySet[Story]:
    """Those of the newest published texts, by the index of the list of stories."""
    order = (F("published_on").desc(), F("number").desc())
    dated = Story.objects.filter(published_on__isnull=False).order_by(*order)
    oldest = dated.values_list("published_on", flat=True)[LOOKED_AT : LOOKED_AT + 1]
    since = Coalesce(Subquery(oldest), Value(date.min))
    return stories.filter(state=State.PUBLISHED, published_on__gte=since).order_by(*order)


def _before() -> QuerySet[Story]:
    """The texts of a story's release that are older, and not made from it."""
    release: QuerySet[Story] = Story.objects.filter(translation_key=OuterRef("translation_key"))
    return release.filter(~Q(translated_from=OuterRef("pk")), pk__lt=OuterRef("pk"))


def _translations(texts: QuerySet[Story]) -> QuerySet[Story]:
    """Those made from an `origin` that was not withdrawn, and when they were published last."""
    # Its state as a value: asked whether such a source exists, PostgreSQL reads the archive for it.
    state = Story.objects.filter(pk=OuterRef("origin")).values("state")
    own = Version.objects.filter(story=OuterRef("pk"), kind__in=TOLD).order_by("-number")
    made: QuerySet[Story] = (
        with_origins(texts)
        .annotate(origin_state=Subquery(state))
        .filter(origin_state__in=_ALIVE)
        .annotate(own_at=Subquery(own.values("at")[:1]))
    )
    return made


_OVERTAKEN = Q(
    Exists(
        Version.objects.filter(
            story=OuterRef("translated_from"),
            story__state=State.PUBLISHED,
            kind__in=TOLD,
            number__gt=OuterRef("translated_version"),
        )
    )
) | Q(
    Exists(
        Version.objects.filter(
            story=OuterRef("origin"),
            story__state=State.PUBLISHED,
            kind__in=_CHANGED,
            at__gt=OuterRef("own_at"),
        )
    ),
    translated_version=None,
)
"""What readers are told (`releases.overtaken`): by the version that is named, else by the clock."""


def _by_moment(progress: Progress, found: QuerySet[Story]) -> list[Line]:
    moments = found.order_by("-when", "pk").values_list("pk", "when")[: FEW + 1]
    return [Line(pk, progress, when) for pk, when in moments]


def _by_date(progress: Progress, found: QuerySet[Story]) -> list[Line]:
    dates = found.values_list("pk", "updated_at", "published_at", "published_on")[: FEW + 1]
    made = [Line(pk, progress, _last(*moments)) for pk, *moments in dates]
    return sorted(made, key=lambda line: line.when, reverse=True)


def _last(updated: datetime | None, at: datetime | None, on: date) -> datetime:
    return updated or at or day_start(on)
