"""The interface's translations, compiled: gettext reads .mo, people write .po.

Babel does it, so that no machine needs the gettext programs. `python -m
dateline.operations.translations` compiles what has changed, for tests and packaging.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "locale"


def compile_changed(folder: Path = FOLDER) -> int:
    """Compile every catalogue whose .mo is missing or older than its .po; returns how many.

    Fuzzy entries, guesses that no translator has looked at, are left out.
    """
    stale = list(_stale(folder))
    for catalogue in stale:
        _compile(catalogue)
    return len(stale)


def _stale(folder: Path) -> Iterator[Path]:
    for catalogue in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            yield catalogue


def _compile(catalogue: Path) -> None:
    """Write the .mo aside and move it into place, for a site that is running."""
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=catalogue.parent.parent.name)
    aside = catalogue.with_suffix(".mo.new")
    with aside.open("wb") as target:
        write_mo(target, messages)
    aside.replace(catalogue.with_suffix(".mo"))


if __name__ == "__main__":
    compile_changed()
