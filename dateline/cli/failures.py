"""What went wrong, in one sentence for the person at the terminal."""

from __future__ import annotations

import re

OTHER_TABLES = re.compile(r"no such (table|column)|(relation|column) .* does not exist")


def explain(error: Exception) -> str | None:
    """The sentence for an error a person can act on; None for a defect, which needs its traceback.

    Told by name and not by type: the modules that define these errors are not imported until the
    command that raised one did so.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    text = str(error).strip()
    if "DatabaseError" in names and OTHER_TABLES.search(text):
        return f"the database is not this version's ({text.splitlines()[0]}): `dateline prepare`."
    if "OperationalError" in names:
        return f"the database does not answer ({text.splitlines()[0]}); see DATELINE_DATABASE_URL."
    if "EnvError" in names:
        return f"a setting in the environment is wrong: {text}"
    if names & {"Refused", "NewsroomFileError", "SourceError", "EngineError"}:
        return text
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else text
    return None
