"""Times typed at the desk, when the clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from build import draft
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from dateline.desk.moments import MomentField

VIENNA = "Europe/Vienna"


@pytest.fixture
def _vienna(settings: Any) -> Any:
    settings.TIME_ZONE = VIENNA
    with timezone.override(VIENNA):
        yield


pytestmark = pytest.mark.usefixtures("_vienna")


def test_a_time_the_clocks_leave_out_is_refused() -> None:
    with pytest.raises(ValidationError, match="The next moment is 2027-03-28 03:00"):
        MomentField().clean("2027-03-28 02:30")


def test_a_time_that_comes_twice_is_asked_for_until_it_is_one() -> None:
    field = MomentField()
    with pytest.raises(ValidationError) as refusal:
        field.clean("2027-10-31 02:30")
    said = str(refusal.value)
    for text, hour in (("2027-10-31 02:30+02:00", 0), ("2027-10-31 02:30+01:00", 1)):
        assert text in said
        at = field.clean(text)
        assert at == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
        assert field.prepare_value(at) == text


@pytest.mark.parametrize("text", ["2027-07-01 09:00", "2027-07-01 09:00:05"])
def test_any_other_time_is_written_as_it_was_typed(text: str) -> None:
    field = MomentField()
    at = field.clean(text)
    assert at is not None
    assert (field.prepare_value(at), at.utcoffset()) == (text, timedelta(hours=2))


@pytest.mark.django_db
def test_the_form_names_the_zone_and_says_what_to_write(desk: Client) -> None:
    page = desk.get(f"/desk/stories/edit/{draft('Night').pk}/").content.decode()
    assert page.count(f'<span class="desk-zone">{VIENNA}</span>') == 3
