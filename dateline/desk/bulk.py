"""Wagtail's bulk deletion, kept to what its single deletion would allow."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from dateline.stories.models import Story


class DeleteDrafts(DeleteBulkAction):
    """Stories that were public are passed over; every deletion announces itself."""

    models = [Story]

    def check_perm(self, story: Any) -> bool:
        return story.number is None and super().check_perm(story)
