"""A story as it is printed: the entry, with its dates and labels in words of its language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dateline.formats.feed import Contact, Entry, Publisher

_COMPARED = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet of paper says: `dated` is the date in words, `facts` are (label, text) below.

    `notice` stands in the place of the text of a story that must not be used.
    """

    entry: Entry
    publisher: Publisher
    direction: Literal["ltr", "rtl"]
    dated: str
    facts: Sequence[tuple[str, str]] = ()
    contacts_label: str = ""
    night_label: str = ""
    notice: str = ""

    @property
    def day(self) -> date:
        """The publishing date."""
        published = self.entry.published
        return published.date() if isinstance(published, datetime) else published

    @staticmethod
    def repeats(text: str, part: str) -> bool:
        """Whether a text begins with another, or its first words: then that is printed once."""
        wanted = " ".join(part.split())[:_COMPARED].rstrip(" .,–-…")
        return " ".join(text.split()).startswith(wanted)

    @property
    def contacts(self) -> list[str]:
        """Each contact as one line."""
        return [", ".join(filter(None, self._contact(each))) for each in self.entry.contacts]

    def _contact(self, contact: Contact) -> tuple[str, ...]:
        night = contact.out_of_hours_phone
        return (
            contact.name,
            contact.role,
            self._apart(contact.email),
            self._apart(contact.phone),
            f"{self.night_label} {self._apart(night)}" if night else "",
        )

    def _apart(self, text: str) -> str:
        """An address or number that reads from the left in the midst of what reads from the right.

        Between Unicode's isolates (UAX #9, 2.4); without them "+43 1" would be "1 43+".
        """
        return f"\u2066{text}\u2069" if text and self.direction == "rtl" else text
