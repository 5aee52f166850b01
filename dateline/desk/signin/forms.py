"""The form of the sign-in page."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LoginForm(forms.LoginForm):
    """allauth's, its boxes named as people call what they type, without a hint inside them."""

    @property
    def offered(self) -> bool:
        """Whether people sign in by password at all."""
        return bool(settings.PASSWORDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        self.fields["password"].help_text = ""  # the page has its own link
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
