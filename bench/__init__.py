"""Measurements of Dateline beside its peers; docs/benchmarks.md says what they say."""
