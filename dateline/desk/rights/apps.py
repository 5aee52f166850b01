"""Wagtail's people, with this newsroom's roles instead of groups."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(WagtailUsersAppConfig):
    """The application of Wagtail's that lists people; only what it shows of them differs."""

    user_viewset = "dateline.desk.rights.people.PersonViewSet"
