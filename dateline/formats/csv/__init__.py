"""Comma-separated values (RFC 4180), as spreadsheets read and write them."""

import re

# A spreadsheet takes such a cell for a formula (OWASP, "CSV Injection"); an apostrophe before it
# keeps it text. Cells that already look so protected get one more, so that none is lost.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def protect(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unprotect(cell: str) -> str:
    """Return what ``protect`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
