"""Dateline: the newsroom an international organisation owns."""

__version__ = "0.1.0"
