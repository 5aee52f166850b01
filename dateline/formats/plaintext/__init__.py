"""Plain text: what can be pasted anywhere."""

CONTENT_TYPE = "text/plain"
