"""A reader of the API, and a writer with a token."""

from __future__ import annotations

import pytest
from api.reader import Api
from django.contrib.auth.models import User

from dateline.api import tokens
from dateline.api.models import Scope
from dateline.people.models import Membership, Role


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def chief(db: None) -> User:
    """Somebody who may do everything with stories."""
    user = User.objects.create_user("chief")
    Membership.objects.create(user=user, role=Role.CHIEF_EDITOR)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def writer(chief: User) -> Api:
    """A program with a token for everything."""
    return Api(tokens.make(chief, "Import", list(Scope))[1])
