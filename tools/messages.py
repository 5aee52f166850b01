"""Bring the interface's catalogues in step with the code: tools/messages.py [--check] [LANGUAGE …]

Finds every message marked for translation and writes it into dateline/locale/*/LC_MESSAGES: new
ones without a translation, those nobody asks for any more left out. A language named that has no
catalogue yet gets one. With --check nothing is written; what is missing, superfluous or
untranslated is named, and the exit status is 1. Babel does the work, so that no machine needs the
gettext programs. No line numbers, dates or names of people are written: they would change with
every run. docs/translating.md tells the rest.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "dateline"
LOCALE = PACKAGE / "locale"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = (
    'msgid ""\n'
    'msgstr ""\n'
    '"Project-Id-Version: Dateline\\n"\n'
    '"Language: {language}\\n"\n'
    '"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: {plural_forms}\\n"\n\n'
)


def extract(package: Path = PACKAGE) -> Catalog:
    """Every message of the package's modules and templates, with the files that hold it."""
    if not settings.configured:
        settings.configure(USE_I18N=True)  # Django's template lexer asks for it
    found = Catalog(charset="utf-8")
    templates = (*package.rglob("*.html"), *package.rglob("templates/**/*.txt"))
    for path in sorted((*package.rglob("*.py"), *templates)):
        place = path.relative_to(package).as_posix()
        for text, context, comments in _marked(path):
            found.add(text, context=context, locations=[(place, 0)], auto_comments=comments)
    return found


def _marked(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What templatize leaves is tokens without sense or indentation; brackets make Python's
        # tokenizer take them as one expression.
        source = f"(\n{templatize(source, origin=str(path))}\n)"
    calls = extract_python(
        BytesIO(source.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"}
    )
    for _line, function, arguments, comments in calls:
        spec = KEYWORDS[function] or (1,)
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        contexts = [given[part[0] - 1] for part in spec if isinstance(part, tuple)]
        texts = tuple(given[part - 1] for part in spec if isinstance(part, int))
        if all(texts):
            yield texts if len(texts) > 1 else texts[0], next(iter(contexts), None), comments


def read(path: Path) -> Catalog:
    """A catalogue; for a file that does not exist, an empty one with CLDR's plural forms."""
    language = path.parent.parent.name
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in the one form that two runs write alike."""
    body = BytesIO()
    write_po(body, catalogue, width=90, omit_header=True, include_lineno=False)
    head = HEADER.format(language=path.parent.parent.name, plural_forms=catalogue.plural_forms)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + body.getvalue().decode().lstrip("\n"), encoding="utf-8")


def brought_in_step(catalogue: Catalog, found: Catalog) -> Catalog:
    """The messages of `found` with the translations of `catalogue`; nothing is guessed."""
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def faults(catalogue: Catalog, found: Catalog) -> Iterator[str]:
    """What keeps a catalogue from saying all that the code says, one line each."""
    known = {_key(message) for message in catalogue if message.id}
    wanted = {_key(message) for message in found if message.id}
    yield from (f"missing: {text!r}" for _context, text in sorted(wanted - known))
    yield from (f"superfluous: {text!r}" for _context, text in sorted(known - wanted))
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(texts)):
            yield f"untranslated: {_key(message)[1]!r}"


def _key(message: Message) -> tuple[str, str]:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", text


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Bring the interface's catalogues in step with the code.",
        epilog="docs/translating.md tells how to add a language.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing, name what is wrong")
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="such as ru (all)")
    asked = parser.parse_args(arguments)
    found, wrong = extract(), 0
    for language in asked.languages or sorted(folder.name for folder in LOCALE.iterdir()):
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        catalogue = read(path)
        if not asked.check:
            write(path, brought_in_step(catalogue, found))
            catalogue = read(path)
        for fault in faults(catalogue, found):
            print(f"{language}: {fault}")
            wrong += 1
    return 1 if asked.check and wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
