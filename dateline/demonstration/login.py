"""The demonstration's desk login."""

from __future__ import annotations

import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model

NAME = "desk"
FILE = "desk-login"


def ensure() -> str:
    """Make the login if there is none; returns the line that tells how to log in.

    The password is random and kept in the data folder for its owner's eyes alone, so that a
    second start can say it again. Once somebody changed it at the desk it is theirs.
    """
    path = settings.DATA / FILE
    users = get_user_model()._default_manager
    user = users.filter(username=NAME).first()
    if user is None:
        password = secrets.token_urlsafe(12)
        users.create_superuser(NAME, "desk@example.org", password)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(password + "\n")
    elif not path.exists() or not user.check_password(password := path.read_text().strip()):
        return f"Desk login: {NAME}, with the password you gave it."
    return f"Desk login: {NAME}, password {password} (kept in {path})."
