"""The archive index in one SQLite file beside the process: everything is a posting."""

from dateline.archive.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
