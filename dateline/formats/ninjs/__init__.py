"""ninjs 3.0: news in JSON (IPTC, iptc.org/standards/ninjs)."""

CONTENT_TYPE = "application/json"
