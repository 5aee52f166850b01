"""Loading the site for commands that need it."""

from __future__ import annotations


def load() -> None:
    """Read the settings and set Django up; raises what is wrong with either."""
    import django

    django.setup(set_prefix=False)
