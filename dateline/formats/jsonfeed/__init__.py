"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

CONTENT_TYPE = "application/feed+json"
