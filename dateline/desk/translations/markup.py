"""What a passage carries besides its words, and what of it a rendering has lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bs4 import BeautifulSoup
from django.utils.translation import gettext as _

from dateline.desk.translations.rows import Row
from dateline.lib import html

_OPENS = re.compile(r"</?(?=[a-z])", re.IGNORECASE)


def balanced(text: str) -> bool:
    """Whether a parser would close nothing by itself; what it writes back has as many tags."""
    back = str(BeautifulSoup(text, "html.parser"))
    return Counter(_OPENS.findall(back)) == Counter(_OPENS.findall(text))


def losses(rows: Iterable[Row], targets: Mapping[str, str]) -> Iterator[str]:
    """What a person is told of targets that have less than the passages they render."""
    for row in rows:
        target = targets.get(row.segment.key, "")
        if not row.segment.is_html or not target.strip():
            continue
        if _lacks_link(row.segment.text, target):
            yield _("%(passage)s: a link of the source is missing.") % {"passage": row.label}
        if not balanced(target):
            said = _("%(passage)s: a tag is not closed, or was not opened.")
            yield said % {"passage": row.label}


def _lacks_link(source: str, target: str) -> bool:
    """A link of the target's own stands for one of the source: the same page in its language."""
    theirs, ours = _links(source), _links(target)
    missing = (theirs - ours).total()
    return missing > sum(count for link, count in ours.items() if link not in theirs)


def _links(text: str) -> Counter[str]:
    """The addresses and documents to which words lead, as the text will be kept."""
    soup = BeautifulSoup(html.clean(text), "html.parser")
    found = (a for a in soup.find_all("a") if a.get_text(strip=True))
    leads = (a.get("href") or a.get("data-document") for a in found)
    return Counter(str(lead) for lead in leads if lead)
