"""The library's form for a picture: what it shows comes first, for those who cannot see it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """Says what the description is for, and who is to be credited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        description = self.fields["description"]
        description.label = gettext("Description (alternative text)")
        description.help_text = gettext(
            "What the picture shows, in a sentence: screen readers say it in its place."
        )
        self.fields["credit"].help_text = gettext("Photographer and rights holder.")
