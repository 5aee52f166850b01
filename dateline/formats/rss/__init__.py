"""News feeds: RSS 0.9x, 1.0 and 2.0, and Atom (RFC 4287), are read; RSS 2.0 is written."""

CONTENT_TYPE = "application/rss+xml"
