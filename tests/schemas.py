"""The schemas of the formats' own bodies, as validators."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree
from referencing import Registry, Resource

_GEOJSON = "https://geojson.org/schema/GeoJSON.json"


@lru_cache
def ninjs(folder: Path) -> Draft202012Validator:
    """IPTC's schema of ninjs 3.0; GeoJSON's, which it names, is not asked for."""
    schema = json.loads((folder / "ninjs-3.0.schema.json").read_bytes())
    dialect = "https://json-schema.org/draft/2020-12/schema"
    registry = Registry().with_resource(_GEOJSON, Resource.from_contents({"$schema": dialect}))
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


@lru_cache
def newsml(folder: Path) -> etree.XMLSchema:
    """IPTC's schema of NewsML-G2 2.35, power conformance."""

    class Beside(etree.Resolver):
        def resolve(self, url: str | None, pubid: str | None, context: Any) -> Any:
            if url and url.endswith("xml.xsd"):
                return self.resolve_filename(str(folder / "xml.xsd"), context)
            return None

    parser = etree.XMLParser()
    parser.resolvers.add(Beside())
    return etree.XMLSchema(etree.parse(folder / "NewsML-G2_2.35-spec-All-Power.xsd", parser))


def newsml_errors(folder: Path, content: bytes) -> list[str]:
    """What the schema has against a document, with its items one by one: the schema's message
    takes any (`processContents` is "lax")."""
    root = etree.fromstring(content)
    items = root.findall(".//{http://iptc.org/std/nar/2006-10-01/}newsItem")
    schema = newsml(folder)
    return [str(schema.error_log) for document in (root, *items) if not schema.validate(document)]
