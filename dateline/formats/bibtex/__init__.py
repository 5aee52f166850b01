"""BibTeX: references for LaTeX (and every reference manager)."""

CONTENT_TYPE = "application/x-bibtex"
