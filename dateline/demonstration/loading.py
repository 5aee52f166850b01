"""Loading the demonstration into a newsroom, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dateline.demonstration import vocabulary
from dateline.demonstration.identity import DATA
from dateline.demonstration.stories import Loader

FILES = ("stories.jsonl", "translations.jsonl", "about-demonstration.jsonl")
"""In the order they must be loaded: a translation needs the text it translates."""


def load() -> str:
    """Load what is not there yet; returns what was done, in one sentence.

    Killed at any moment and run again, it goes on where it stopped: each text is a transaction.
    """
    terms = vocabulary.load(json.loads((DATA / "vocabulary.json").read_text(encoding="utf-8")))
    loader = Loader(DATA)
    texts = sum(loader.publish(text) for name in FILES for text in _texts(name))
    if not terms and not texts:
        return "The demonstration is loaded."
    return f"Loaded the demonstration: {terms} vocabulary terms, {texts} texts."


def _texts(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
