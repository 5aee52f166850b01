"""Whether a person has shown more than a password, where the newsroom asks for it."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest


def is_missing(request: HttpRequest) -> bool:
    """Whether who is signed in must set up a second factor first (DATELINE_SECOND_FACTOR).

    Who came from the organisation's own provider has shown there what it asks for.
    """
    if settings.SECOND_FACTOR != "required" or is_mfa_enabled(request.user):
        return False
    shown = get_authentication_records(request, request.user)
    return all(record["method"] != "socialaccount" for record in shown)
