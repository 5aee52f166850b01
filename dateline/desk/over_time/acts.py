"""What can happen to an office or a topic. Each act is one transaction; no story's text changes.

To *close* ends a term on a day: its stories stay under it, as they were filed, and its successors
tell readers where things went on. One successor is a merger of two offices, several are a split.
To *merge* says that two terms were one thing all along: the one becomes another name of the other
(docs/decisions/0019).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Revision

from dateline.people.models import Membership
from dateline.stories.models import Story
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Office, Topic

Nested = Office | Topic


@transaction.atomic
def rename(term: Nested, names: Mapping[str, str], on: date, slug: str) -> None:
    """Give it these names (language → name, "" for none) from a day on, and perhaps another slug.

    The names it had until then become former ones; the slug it had goes on leading to it.
    """
    for language, name in names.items():
        current = _names(term).filter(term=term, language=language, valid_until=None).first()
        if current is not None and current.name == name:
            continue
        if current is not None:
            current.valid_until = on - timedelta(days=1)
            current.save()
        if name:
            _names(term).create(term=term, language=language, name=name, valid_from=on)
    if slug and slug != term.slug:
        kept = [old for old in term.former_slugs if old != slug]
        term.former_slugs, term.slug = [*kept, term.slug], slug
    term.save()


@transaction.atomic
def close(term: Nested, on: date | None, successors: Iterable[Nested]) -> None:
    """End it on a day (None: not known), and say what came after it."""
    term.closed, term.closed_on = True, on
    term.successors.set(successors)
    term.save()


@transaction.atomic
def reopen(term: Nested) -> None:
    """Take its end back, and its successors with it."""
    term.closed, term.closed_on = False, None
    term.successors.clear()
    term.save()


@transaction.atomic
def merge(term: Nested, into: Nested, on: date) -> None:
    """Make it another name of `into`: filing, drafts, rights and what lies below go over.

    Texts that name it by its key (public versions, older drafts) go on meaning `into`.
    """
    _refile(term, into)
    if isinstance(term, Office):
        _hand_over_rights(term, into)
    _leave_names(term, into, on)
    if into.pk in snapshot.current().families[term.facet][term.pk]:
        into.parent = term.parent  # first, or what is between the two would be part of itself
        into.save()
    term.children.exclude(pk=into.pk).update(parent=into)
    into.successors.set({*into.successors.all(), *term.successors.all()} - {term, into})
    for before in term.predecessors.exclude(pk=into.pk):
        before.successors.add(into)
        before.successors.remove(term)
    term.predecessors.clear()
    term.successors.clear()
    type(term)._default_manager.filter(merged_into=term).update(merged_into=into)
    term.parent = term.merged_into = into
    term.save()


def _refile(term: Nested, into: Nested) -> None:
    """Stories and their drafts, by their links alone: nothing of them is saved or published."""
    links = getattr(Story, f"{term.facet}s").through.objects
    field = f"{term.facet}_id"
    both = links.filter(**{field: into.pk}).values("story_id")
    twice = links.filter(**{field: term.pk}, story_id__in=both)
    links.filter(pk__in=list(twice.values_list("pk", flat=True))).delete()
    links.filter(**{field: term.pk}).update(**{field: into.pk})
    name = f"{term.facet}s"
    for draft in drafts(term):
        keys = (into.pk if key == term.pk else key for key in draft.content[name])
        draft.content[name] = list(dict.fromkeys(keys))
        draft.save(update_fields=["content"])


def drafts(term: Nested) -> Any:
    """The newest drafts, scheduled ones among them, that are filed under a term."""
    stories = ContentType.objects.get_for_model(Story)
    name = f"content__{term.facet}s"
    found = Revision.objects.filter(content_type=stories, **{f"{name}__icontains": str(term.pk)})
    newest = Story.objects.exclude(latest_revision=None).values("latest_revision")
    candidates = found.filter(pk__in=newest) | found.filter(approved_go_live_at__isnull=False)
    keys = [
        draft.pk
        for draft in candidates.iterator(chunk_size=200)
        if term.pk in draft.content.get(f"{term.facet}s", ())
    ]
    return Revision.objects.filter(pk__in=keys)


def _hand_over_rights(term: Office, into: Office) -> None:
    for held in Membership.objects.filter(office=term):
        if Membership.objects.filter(office=into, user=held.user, role=held.role).exists():
            held.delete()
        else:
            held.office = into
            held.save()


def _names(term: Nested) -> Any:
    """The rows themselves: what hangs on a term in memory is for its form."""
    return term._meta.get_field("names").related_model._default_manager


def _leave_names(term: Nested, into: Nested, on: date) -> None:
    """What it was called is a former name of the other, so that it is found by it.

    The other bore its own name all the while: the one of today comes to it on no day, so that none
    of its stories is said to have been published under it.
    """
    known = {(name.language, name.name.casefold()) for name in _names(into).filter(term=into)}
    for name in _names(term).filter(term=term):
        if (name.language, name.name.casefold()) not in known:
            _names(into).create(
                term=into,
                language=name.language,
                name=name.name,
                valid_from=name.valid_from if name.valid_until else on,
                valid_until=name.valid_until or on - timedelta(days=1),
            )
