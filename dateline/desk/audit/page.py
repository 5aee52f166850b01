"""The log as a page."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from wagtail.admin.views.reports.audit_logging import LogEntriesView

_TOLD_BY_A_VERSION = Q(
    action__in=("wagtail.publish", "wagtail.unpublish"),
    content_type__app_label="stories",
    content_type__model="story",
    user__isnull=False,
)
"""What somebody makes public or takes off the site has a version, whose entry says more."""


class Log(LogEntriesView):
    """Wagtail's report, with one line for one act; its files and its filter know both entries."""

    index_url_name = "desk_log"
    index_results_url_name = "desk_log_results"

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        if self.is_export or self.request.GET.get("action"):
            return found
        return found.exclude(_TOLD_BY_A_VERSION)
