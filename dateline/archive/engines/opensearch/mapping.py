"""The index as OpenSearch is told to make it."""

from __future__ import annotations

from typing import Any

from dateline.archive.engines.opensearch.tokens import FIELDS

VERSION = 1
"""Raised with every change of the mapping or of what stands in it: older indexes are built anew."""

WINDOW = 10_000
"""How deep one request may page; deeper pages are walked to."""


def settings(shards: int) -> dict[str, Any]:
    """Settings and mapping of an index; replicas follow from the number of nodes."""
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            # Whoever applies a change makes it visible; nothing else needs a refresh.
            "refresh_interval": "-1",
            "max_result_window": WINDOW,
            "max_terms_count": 1_000_000,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"version": VERSION},
            "_source": {"excludes": [f"{kind}_{name}" for kind in _KINDS for name in FIELDS]},
            "dynamic_templates": [
                {
                    "facets": {
                        "path_match": "facets.*",
                        "mapping": {"type": "keyword", "eager_global_ordinals": True},
                    }
                }
            ],
            "properties": _PROPERTIES,
        },
    }


_KINDS = ("forms", "terms")
_KEYWORD = {"type": "keyword"}
_LONG = {"type": "long"}
_FORMS = {"type": "text", "analyzer": "whitespace", "index_options": "positions", "norms": False}
_TERMS = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_PROPERTIES: dict[str, Any] = {
    "story": _LONG,
    "number": _LONG,
    "language": _KEYWORD,
    "instant": _LONG,
    "month": {"type": "keyword", "eager_global_ordinals": True},
    "year": _KEYWORD,
    "expires": _LONG,
    "fingerprint": {"type": "keyword", "index": False, "doc_values": False},
    "facets": {"type": "object", "dynamic": True},
    "gist": {"type": "text", "index": False},
    **{f"forms_{name}": _FORMS for name in FIELDS},
    **{f"terms_{name}": _TERMS for name in FIELDS},
}
