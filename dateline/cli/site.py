"""Loading the site for commands that need it."""

from __future__ import annotations

import django


def load() -> None:
    """Read the settings and set Django up; raises what is wrong with either."""
    django.setup(set_prefix=False)
