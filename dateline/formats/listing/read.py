"""Stories from a listing's text.

An entry is a title, the line "Publishing date: …", up to four more labelled lines in any order,
and its lead. Nothing but the date line marks an entry, and the line before it is its title:
entries follow each other without a blank line, and what stands before the first is the page's
own heading. Text copied or cached from a page often ends in the middle; see ``read``.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from dateline.formats import fields
from dateline.formats.listing.names import split_names
from dateline.formats.record import Record, Rejection
from dateline.lib import dates, encodings
from dateline.lib.reading import Source, SourceError

_SENTENCE_END = re.compile(r"[.!?…:;。؟۔][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Labels:
    """What the listing's lines are called. Matched without case; the colon may be spaced."""

    published: str = "Publishing date"
    genre: str = "Content type"
    offices: str = "Where we are"
    topics: str = "What we do"
    location: str = "Location"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the page says above its first entry: its section, heading and introduction."""

    section: str = ""
    heading: str = ""
    introduction: str = ""


def read(
    source: Source,
    *,
    labels: Labels | None = None,
    known: Collection[str] = (),
    date_languages: Iterable[str] = dates.LANGUAGES,
) -> Iterator[Record | Rejection]:
    """Yield a Record for every entry, a Rejection for one without a title or a readable date.

    ``known`` are the names of offices and topics that are kept whole though they hold a comma.
    A text that ends inside an entry gives that entry with ``cut`` set: its lead as far as it
    goes, without a last name that may be half of one (unless it is known or was read before). A
    title after which the text ends is a Rejection, where the other entries show that it is one.
    Raises SourceError as the source does, and if there is no date line at all.
    """
    entries = _Entries(labels or Labels(), known, tuple(date_languages))
    for number, text in source.text_lines():
        if text.strip():
            yield from entries.take(number, " ".join(text.split()))
    if not entries.count:
        raise SourceError(
            f"{source.name}: no line begins with “{entries.labels.published}:”, "
            "so this is not a listing"
        )
    yield from entries.finish(unended=source.unended)


def heading(head: bytes, labels: Labels | None = None) -> Heading:
    """Return what stands above the first entry, from a listing's first bytes (``Source.head``)."""
    pattern = _pattern(labels or Labels(), ("published",))
    lines = [line.strip() for line in encodings.glance(head).splitlines() if line.strip()]
    first = next((place for place, line in enumerate(lines) if pattern.match(line)), 0)
    above = lines[: max(first - 1, 0)]
    introduction = above.pop() if above and _SENTENCE_END.search(above[-1]) else ""
    named = above.pop() if above else ""
    return Heading(" ".join(above), named, introduction)


@dataclass(slots=True)
class _Entry:
    """The lines of one entry, with their numbers where they may be needed."""

    line: int
    title: str
    published: str
    labelled: list[tuple[str, str]] = field(default_factory=list)
    lead: list[tuple[int, str]] = field(default_factory=list)


class _Entries:
    """Takes a listing's lines one by one and gives back each entry that they complete."""

    def __init__(self, labels: Labels, known: Collection[str], languages: tuple[str, ...]) -> None:
        self.labels = labels
        self.count = 0
        self._pattern = _pattern(labels, tuple(Labels.__dataclass_fields__))
        self._known = set(known)
        self._languages = languages
        self._entry: _Entry | None = None
        self._above: tuple[int, str] | None = None
        self._longest_lead = 0

    def take(self, number: int, text: str) -> Iterator[Record | Rejection]:
        found = self._pattern.match(text)
        if found and found.lastgroup == "published":
            title = self._title()
            yield from self._complete()
            line, headline = title or (number, "")
            self._entry = _Entry(line, headline, text[found.end() :])
            self.count += 1
        elif not self._entry:
            self._above = (number, text)
        elif found and found.lastgroup and not self._entry.lead:
            self._entry.labelled.append((found.lastgroup, text[found.end() :]))
        else:
            self._entry.lead.append((number, text))

    def finish(self, *, unended: bool) -> Iterator[Record | Rejection]:
        stray = self._dangling_title() if unended else None
        cut = unended and not stray and self._is_cut()
        if cut:
            self._drop_half_name()
        for result in self._complete():
            if isinstance(result, Record):
                result.cut = cut
            yield result
        if stray:
            reason = "the text ends after this title, before its date"
            yield Rejection(stray[0], "published", reason, stray[1])

    def _title(self) -> tuple[int, str] | None:
        if not self._entry:
            return self._above
        return self._entry.lead.pop() if self._entry.lead else None

    def _complete(self) -> Iterator[Record | Rejection]:
        entry = self._entry
        if not entry:
            return
        self._longest_lead = max(self._longest_lead, len(entry.lead))
        try:
            yield fields.record(self._values(entry), entry.line, date_languages=self._languages)
        except fields.FieldError as error:
            raw = f"{entry.title}\n{self.labels.published}: {entry.published}".strip()
            yield fields.rejection(entry.line, error, raw)

    def _values(self, entry: _Entry) -> dict[str, object]:
        values: dict[str, object] = {
            "headline": entry.title,
            "published": entry.published,
            "summary": " ".join(text for _, text in entry.lead),
        }
        for name in ("genre", "location"):
            values[name] = " ".join(text for label, text in entry.labelled if label == name)
        for name in ("offices", "topics"):
            listed = ", ".join(text for label, text in entry.labelled if label == name)
            values[name] = list(split_names(listed, self._known))
        self._known.update(text for _, value in entry.labelled for text in value.split(", "))
        return values

    def _is_cut(self) -> bool:
        lead = self._entry.lead if self._entry else []
        return not lead or not _SENTENCE_END.search(lead[-1][1])

    def _dangling_title(self) -> tuple[int, str] | None:
        """Return a last line that is a title and no lead, as far as the other entries tell."""
        entry = self._entry
        if not entry or self.count < 2 or self._longest_lead > 1 or len(entry.lead) != 2:
            return None
        (_, before), (_, last) = entry.lead
        if not _SENTENCE_END.search(before) or _SENTENCE_END.search(last):
            return None
        return entry.lead.pop()

    def _drop_half_name(self) -> None:
        entry = self._entry
        if not entry or entry.lead or not entry.labelled:
            return
        label, value = entry.labelled.pop()
        names = split_names(value, self._known)
        if names and names[-1] not in self._known:
            names = names[:-1]
        if names:
            entry.labelled.append((label, ", ".join(names)))


def _pattern(labels: Labels, names: tuple[str, ...]) -> re.Pattern[str]:
    """Match a labelled line's start; the group that matched is the label's field."""
    starts = []
    for name in names:
        label = r"\s+".join(map(re.escape, getattr(labels, name).split()))
        starts.append(f"(?P<{name}>{label})")
    return re.compile(rf"(?:{'|'.join(starts)})\s*[:：]\s*", re.IGNORECASE)
