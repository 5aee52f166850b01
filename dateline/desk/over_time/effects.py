"""What an act will mean: counted before it is done, and compared when it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dateline.desk.over_time import acts
from dateline.people.models import Membership
from dateline.publishing import visibility
from dateline.stories.models import Story
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Office


@dataclass(frozen=True)
class Effects:
    """How much hangs on a term: stories filed under itself, who follows it, who works there."""

    public: int
    others: int
    below: int
    followers: int
    listeners: int
    people: int

    def seal(self, asked: list[tuple[str, list[str]]]) -> str:
        """What tells whether somebody has seen these numbers, of this, in these vocabularies."""
        seen = [vars(self), asked, snapshot.current().stamp]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def count(term: acts.Nested) -> Effects:
    """Look at everything that names the term."""
    field = f"{term.facet}s"
    drafts = acts.drafts(term).values_list("object_id", flat=True)
    keys = {int(key) for key in drafts}
    filed = Story.objects.filter(Q(**{field: term.pk}) | Q(pk__in=keys)).distinct()
    public = visibility.listed(filed).count()
    people = Membership.objects.filter(office=term) if isinstance(term, Office) else None
    return Effects(
        public=public,
        others=filed.count() - public,
        below=term.children.filter(merged_into=None).count(),
        followers=_followers(term),
        listeners=_listeners(term),
        people=people.values("user").distinct().count() if people is not None else 0,
    )


def _followers(term: acts.Nested) -> int:
    """Subscriptions by e-mail whose question names the term."""
    pair = f"{term.facet}={term.pk}"
    question: Any = apps.get_model("alerts", "Question")
    found = question.objects.filter(text__contains=pair).prefetch_related("subscriptions")
    return sum(len(each.subscriptions.all()) for each in found if pair in each.text.split("&"))


def _listeners(term: acts.Nested) -> int:
    """Webhooks whose list names the term, or one that it came after, by a slug that leads to it."""
    endpoint: Any = apps.get_model("webhooks", "Endpoint")
    known = snapshot.current()
    heard = {term.pk, *known.predecessors(known.by_id[term.facet][term.pk])}
    leading = known.by_slug[term.facet].items()
    pairs = {f"{term.facet}={slug}" for slug, led in leading if led.id in heard}
    addresses = endpoint.objects.values_list("listing", flat=True)
    return sum(bool(pairs & set(each.partition("?")[2].split("&"))) for each in addresses)


def said(effects: Effects, act: str, term: acts.Nested, given: dict[str, Any]) -> list[str]:
    """What will happen, in sentences."""
    sentences = {"rename": _renaming, "close": _closing, "merge": _merging, "reopen": _reopening}
    return [sentence for sentence in sentences[act](effects, term, given) if sentence]


def _stories(effects: Effects) -> str:
    number = effects.public + effects.others
    return ngettext(
        "%(count)d story is filed here (%(public)d public).",
        "%(count)d stories are filed here (%(public)d public).",
        number,
    ) % {"count": number, "public": effects.public}


def _renaming(effects: Effects, term: acts.Nested, given: dict[str, Any]) -> list[str]:
    lines = [
        _stories(effects),
        _("They show the new name; stories from before also say what it was called then."),
        _("It is still found by its old name."),
    ]
    if given.get("slug") and given["slug"] != term.slug:
        moved = _("Pages, feeds, saved lists and links with “%(old)s” lead to “%(new)s”.")
        lines.append(moved % {"old": term.slug, "new": given["slug"]})
    return lines


def _closing(effects: Effects, term: acts.Nested, given: dict[str, Any]) -> list[str]:
    names = ", ".join(map(str, given["successors"]))
    lines = [_stories(effects), _("They stay where they are, and so do their addresses.")]
    if names:
        led = _("Its page leads readers on to %(names)s; lists there can include what came before.")
        lines.append(led % {"names": names})
        lines.append(_mails(effects, _("They go on, and follow the successors as well.")))
        lines.append(_hooks(effects, _("They go on, and follow the successors as well.")))
    lines.append(
        _people(effects, _("They keep their rights here. Give them others where they are needed."))
    )
    return lines


def _merging(effects: Effects, term: acts.Nested, given: dict[str, Any]) -> list[str]:
    into = given["into"]
    return [
        _stories(effects),
        _(
            "They stand under %(into)s from then on. No text, date or version of them changes, and "
            "nobody is told of an update."
        )
        % {"into": into},
        _below(effects, into),
        _("“%(name)s” becomes a former name of %(into)s; “%(slug)s” in addresses leads there.")
        % {"name": term, "into": into, "slug": term.slug},
        _mails(effects, _("They go on with %(into)s.") % {"into": into}),
        _hooks(effects, _("They go on with %(into)s.") % {"into": into}),
        _people(effects, _("Their roles hold in %(into)s from then on.") % {"into": into}),
        _(
            "This cannot be undone. If the two were different things, close one and name the other "
            "as its successor instead."
        ),
    ]


def _reopening(effects: Effects, term: acts.Nested, given: dict[str, Any]) -> list[str]:
    return [_stories(effects), _("It is open again and has no successors.")]


def _below(effects: Effects, into: Any) -> str:
    if not effects.below:
        return ""
    return ngettext(
        "%(count)d term below it goes over with it.",
        "%(count)d terms below it go over with it.",
        effects.below,
    ) % {"count": effects.below}


def _mails(effects: Effects, what: str) -> str:
    if not effects.followers:
        return ""
    counted = ngettext(
        "%(count)d subscription by e-mail follows it.",
        "%(count)d subscriptions by e-mail follow it.",
        effects.followers,
    ) % {"count": effects.followers}
    return f"{counted} {what}"


def _hooks(effects: Effects, what: str) -> str:
    if not effects.listeners:
        return ""
    counted = ngettext(
        "%(count)d webhook follows it.", "%(count)d webhooks follow it.", effects.listeners
    ) % {"count": effects.listeners}
    return f"{counted} {what}"


def _people(effects: Effects, what: str) -> str:
    if not effects.people:
        return ""
    counted = ngettext(
        "%(count)d person has a role here.", "%(count)d people have roles here.", effects.people
    ) % {"count": effects.people}
    return f"{counted} {what}"
