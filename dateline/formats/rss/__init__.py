"""News feeds: RSS 0.9x, 1.0 and 2.0, and Atom (RFC 4287)."""
