"""PDF for reading and printing: tagged, with its fonts inside (PDF/UA-1, ISO 14289-1)."""

CONTENT_TYPE = "application/pdf"
