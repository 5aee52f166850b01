"""Telling who is asked to do something."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from wagtail.admin.utils import get_admin_base_url, get_user_display_name
from wagtail.users.models import UserProfile

from dateline.desk.notes.models import Note


def tell(note: Note) -> bool:
    """Write to the person a note is for, in their language, unless it is by themselves."""
    person = note.person
    if person is None or not person.email or person == note.by:
        return False
    language = UserProfile.get_for_user(person).get_preferred_language()
    with translation.override(language):
        context = {
            "by": get_user_display_name(note.by),
            "headline": note.headline,
            "note": note,
            "zone": settings.TIME_ZONE,
            "address": f"{get_admin_base_url()}{reverse('desk_notes', args=[note.story_id])}",
        }
        subject = render_to_string("desk/notes/asked_subject.txt", context).strip()
        text = render_to_string("desk/notes/asked.txt", context)
    return bool(send_mail(subject, text, None, [person.email], fail_silently=True))
