"""A newsroom in one file: its database, pictures and documents, newsroom.toml and secret key.

The file is a gzipped tar whose last member, `manifest.json`, names every other one with its size
and SHA-256. A file cut short has no manifest; a damaged one has a member that differs from it.
"""
