"""The Atom Syndication Format (RFC 4287)."""

CONTENT_TYPE = "application/atom+xml"
