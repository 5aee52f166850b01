"""What readers ahead are told by mail: without a word of the story."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from dateline.embargo import texts
from dateline.embargo.models import Reader
from dateline.lib import newsroom


def write(reader: Reader, name: str, more: dict[str, Any]) -> None:
    """Send one letter. Raises OSError or SMTPException if the mail server does not take it."""
    with translation.override(reader.language):
        context = {
            "reader": reader,
            "newsroom": newsroom.say(settings.NEWSROOM.name, reader.language),
            "moment": texts.moment(reader.story),
            "zone": settings.TIME_ZONE,
            **more,
        }
        subject = render_to_string(f"embargo/{name}_subject.txt", context).strip()
        text = render_to_string(f"embargo/{name}.txt", context)
    EmailMessage(subject, text, to=[reader.email]).send()
