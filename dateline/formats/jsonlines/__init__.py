"""JSON Lines: one JSON object on each line (jsonlines.org), in UTF-8 (RFC 8259, 8.1)."""
