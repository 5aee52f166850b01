"""What a draft lacks, beside its form: said while there is time, not when it has gone out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from dateline.publishing import checks


class FindingsPanel(BaseSidePanel):
    """The findings on the newest draft; renewed with the form's other panels as it is saved."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle what is missing")
        icon_name = "circle-check"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"count": len(self.panel.findings)}

    name = "findings"
    title = _("Before it goes out")
    template_name = "desk/findings.html"
    order = 340

    def __init__(self, story: Any, request: Any) -> None:
        super().__init__(story, request)
        self.saved = story.pk is not None
        self.findings = checks.findings(story) if self.saved else []

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {
            "saved": self.saved,
            "errors": [each for each in self.findings if each.level == "error"],
            "warnings": [each for each in self.findings if each.level == "warning"],
            "count": len(self.findings),
        }
