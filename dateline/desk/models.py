"""What the desk keeps of its own; each model lives in the folder of what it is for."""

from dateline.desk.drafts.models import DraftWords
from dateline.desk.notes.models import Note
from dateline.desk.planning.models import CalendarAddress
from dateline.desk.workflow.review import Review

__all__ = ["CalendarAddress", "DraftWords", "Note", "Review"]
