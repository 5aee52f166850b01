"""Related stories and better spellings, by what OpenSearch offers for both."""

from __future__ import annotations

from typing import Any

from dateline.archive.engines.embedded.spelling import FURTHEST, edits, variants
from dateline.archive.engines.opensearch.tokens import FIELDS

Body = dict[str, Any]

MOST_WORDS = 12
"""The rarest words of a story that say what it is about."""
_CANDIDATES = 50


def similar(told: Body, filters: list[Body]) -> Body:
    """Those that share the rarest words of a document as held, nearer the more of them, of its
    facet values and of its language."""
    alike = {
        "fields": [f"forms_{name}" for name in FIELDS],
        "like": told["gist"],
        "min_term_freq": 1,
        "min_doc_freq": 2,
        "max_query_terms": MOST_WORDS,
        "minimum_should_match": "1",
        "analyzer": "whitespace",
    }
    shared = [{"terms": {f"facets.{name}": held}} for name, held in told["facets"].items() if held]
    shared.append({"term": {"language": told["language"]}})
    return {
        "query": {
            "bool": {
                "must": [{"more_like_this": alike}],
                "should": shared,
                "filter": filters,
                "must_not": [{"term": {"number": told["number"]}}],
            }
        },
        "sort": [{"_score": "desc"}, {"instant": "desc"}, {"number": "desc"}],
        "_source": False,
    }


def one_away(word: str) -> Body:
    """The request for words one edit away."""
    return _suggestions([word], 1)


def two_away(word: str) -> Body:
    """The request for words two edits away.

    Lucene looks for those only among words of the same first letter, so those with another are
    asked for as words one edit away from what this one might begin with instead.
    """
    asked = _suggestions([word], FURTHEST)
    begun = {first + word[1:] for first in variants(word[0])} | {word[1] + word[0] + word[2:]}
    asked["suggest"] |= _suggestions(sorted(begun - {word}), 1)["suggest"]
    return asked


def _suggestions(words: list[str], edits_: int) -> Body:
    near = {
        "size": _CANDIDATES,
        "suggest_mode": "always",
        "max_edits": edits_,
        "prefix_length": 0,
        "min_word_length": 1,
        "string_distance": "damerau_levenshtein",
        "accuracy": 0.1,
        "max_inspections": 50,
    }
    suggest = {
        f"{word} {name}": {"text": word, "term": {**near, "field": f"forms_{name}"}}
        for word in words
        for name in FIELDS
    }
    return {"size": 0, "suggest": suggest}


def suggested(word: str, answer: Body, distance: int) -> list[str]:
    """The words of an answer that are so many edits away, one at most in the first half."""
    found = {
        option["text"]
        for said in answer["suggest"].values()
        for part in said
        for option in part["options"]
        if option["text"].isalnum()
    }
    half = word[: -(-len(word) // 2)]
    return sorted(
        text
        for text in found
        if edits(word, text) == distance and (distance == 1 or _begins(text, half))
    )


def _begins(text: str, half: str) -> bool:
    lengths = range(len(half) - 1, len(half) + 2)
    return any(edits(half, text[:length]) <= 1 for length in lengths)


def frequencies(words: list[str], filters: list[Body]) -> Body:
    """How many of the documents within the filters have each word."""
    having = {
        word: {"bool": {"should": [{"term": {f"forms_{name}": word}} for name in FIELDS]}}
        for word in words
    }
    return {
        "size": 0,
        "query": {"bool": {"filter": filters}},
        "aggs": {"words": {"filters": {"filters": having}}},
    }


def most_frequent(answer: dict[str, Any]) -> str | None:
    """The word of most documents, if any has one."""
    buckets = answer["aggregations"]["words"]["buckets"]
    having = {word: bucket["doc_count"] for word, bucket in buckets.items()}
    best = max(having, key=lambda word: (having[word], word), default=None)
    return best if best is not None and having[best] else None
