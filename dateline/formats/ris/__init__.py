"""RIS: references for Zotero, EndNote, Mendeley and libraries."""

CONTENT_TYPE = "application/x-research-info-systems"
