"""The first look at an input: which identities recur, and what its releases say about names.

It reads everything once before anything is written, in memory that does not grow with the stories:
eight bytes for each, and the vocabularies' names.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass, field
from sys import intern

import numpy as np

from dateline.formats.record import Record, Rejection
from dateline.importing import identity
from dateline.importing.joins import Evidence, Joins
from dateline.importing.texts import FACETS, Door, Unusable, printed

Names = dict[str, tuple[str, ...]]
"""Facet → one text's names."""

_OPEN_RELEASES = 1000
"""Releases whose texts may still come: sources list a release's texts close together."""


@dataclass(frozen=True)
class Survey:
    """What was found: keys that recur with how often, and the joined names per facet."""

    records: int
    repeated: dict[int, int]
    joins: dict[str, Joins]


@dataclass(slots=True)
class Surveyor:
    """Looks at one record after the other."""

    door: Door
    _keys: array[int] = field(default_factory=lambda: array("Q"))
    _evidence: dict[str, Evidence] = field(
        default_factory=lambda: {facet: Evidence() for facet in FACETS}
    )
    _releases: OrderedDict[str, dict[str, Names]] = field(default_factory=OrderedDict)

    def look(self, record: Record | Rejection) -> None:
        """Take in one record; one the import will refuse counts for nothing."""
        if isinstance(record, Rejection):
            return
        try:
            language = self.door.check(record)
        except Unusable:
            return
        self._keys.append(identity.key(record, language))
        names = {facet: tuple(map(intern, printed(record, facet))) for facet in FACETS}
        if record.group is None:
            self._learn({language: names})
            return
        self._releases.setdefault(record.group, {})[language] = names
        if len(self._releases) > _OPEN_RELEASES:
            self._learn(self._releases.popitem(last=False)[1])

    def finish(self) -> Survey:
        """What was found in all records."""
        while self._releases:
            self._learn(self._releases.popitem(last=False)[1])
        joins = {facet: Joins(facet, evidence) for facet, evidence in self._evidence.items()}
        return Survey(len(self._keys), _repeated(self._keys), joins)

    def _learn(self, release: dict[str, Names]) -> None:
        for facet, evidence in self._evidence.items():
            evidence.see({language: names[facet] for language, names in release.items()})


def _repeated(keys: array[int]) -> dict[int, int]:
    values, counts = np.unique(np.array(keys, dtype=np.uint64), return_counts=True)
    often = counts > 1
    return dict(zip(values[often].tolist(), counts[often].tolist(), strict=True))
