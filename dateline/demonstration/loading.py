"""Loading the demonstration into a newsroom, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dateline import importing
from dateline.demonstration import vocabulary
from dateline.demonstration.identity import DATA
from dateline.demonstration.stories import SOURCE, Loader, published_ids

IMPORTED = "stories.jsonl"
PUBLISHED = ("translations.jsonl", "about-demonstration.jsonl")
"""Published at the desk's side: translations are labelled, and the stories about the demonstration
have pictures, documents, a contact and a correction, none of which a feed of records carries."""


def load() -> str:
    """Load what is not there yet; returns what was done, in one sentence.

    Killed at any moment and run again, it goes on where it stopped: the import knows its records,
    and each text after it is a transaction.
    """
    if _is_loaded():
        return "The demonstration is loaded."
    terms = vocabulary.load(json.loads((DATA / "vocabulary.json").read_text(encoding="utf-8")))
    report = importing.run(DATA / IMPORTED, importing.Options(source=SOURCE))
    loader = Loader(DATA)
    published = sum(loader.publish(text) for name in PUBLISHED for text in _texts(name))
    texts = report.created + published
    return f"Loaded the demonstration: {terms} vocabulary terms, {texts} texts."


def _is_loaded() -> bool:
    """Whether every text was published once; one that was deleted since is then made again."""
    wanted = {text["id"] for name in (IMPORTED, *PUBLISHED) for text in _texts(name)}
    return wanted <= published_ids()


def _texts(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
