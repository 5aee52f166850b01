"""The text of a newsroom's listing page, as copied from a browser."""
