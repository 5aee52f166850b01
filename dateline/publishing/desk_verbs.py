"""The verbs as Wagtail's buttons, workflow and schedule call them."""

from __future__ import annotations

from typing import Any

from wagtail.models import Revision

from dateline.publishing import verbs
from dateline.stories.models import Story


class DeskVerbs:
    """Implements `dateline.stories.ports.Desk`."""

    def publish(self, story: Story, revision: Revision, user: Any = None, **options: Any) -> Any:
        """Whoever calls has checked permission; `skip_permission_checks` is Wagtail's own flag."""
        options.pop("skip_permission_checks", None)
        return verbs.publish(story, revision=revision, user=user, **options)

    def unpublish(
        self,
        story: Story,
        set_expired: bool = False,
        commit: bool = True,
        user: Any = None,
        log_action: Any = True,
    ) -> Any:
        """`commit=False` has no meaning for a verb, which is one transaction: it is refused."""
        if not commit:
            raise ValueError("a story cannot be unpublished without saving it")
        return verbs.unpublish(story, user=user, set_expired=set_expired, log_action=log_action)
