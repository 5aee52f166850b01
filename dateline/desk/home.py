"""The desk's first page: Wagtail's panels about pages make way for those about stories."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)

from dateline.desk.notes.panels import Assigned
from dateline.desk.translations.panels import ToTranslate
from dateline.desk.workflow.panels import PANELS

_PAGES = RecentEditsPanel | LockedPagesPanel
_ANYBODYS = WorkflowObjectsToModeratePanel | UserObjectsInWorkflowModerationPanel
"""They list what a group may review, or what somebody submitted once, whichever office it is of."""


def arrange(panels: list[Any]) -> None:
    """Replace what is about pages, or does not ask for the office, by what is about stories."""
    panels[:] = [panel for panel in panels if not isinstance(panel, _PAGES | _ANYBODYS)]
    panels += [panel() for panel in (*PANELS, Assigned, ToTranslate)]
