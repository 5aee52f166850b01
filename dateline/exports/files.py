"""What a download is called on the reader's disk."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import HttpResponseBase

from dateline.lib import slugs

_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
"""What no file system or no reader takes in a name: separators, and what turns text around."""
_LONGEST = 120


def attach(answer: HttpResponseBase, name: str, suffix: str, *, shown: bool = False) -> None:
    """Have the answer saved as `name` with a suffix (RFC 6266), at once or, if `shown`, on demand.

    Every script is kept, for all who read `filename*` (RFC 8187); who does not gets ASCII.
    """
    said = " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST].strip(" .") or "stories"
    plain = f"{slugs.slug(name)}.{suffix}"
    header = f'{"inline" if shown else "attachment"}; filename="{plain}"'
    if not said.isascii():
        header += f"; filename*=UTF-8''{quote(f'{said}.{suffix}', safe='')}"
    answer["Content-Disposition"] = header
