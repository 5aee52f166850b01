"""Measurements of Dateline beside its peers. `make bench` runs the small form, see docs/benchmarks.md."""
