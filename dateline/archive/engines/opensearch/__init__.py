"""The archive in OpenSearch: for archives and floods that outgrow an index file on each machine."""

from dateline.archive.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
