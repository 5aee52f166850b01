"""The way to the organisation's own sign-in, also when that is away."""

from __future__ import annotations

import logging

import requests
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_log = logging.getLogger(__name__)


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person there; 502 and a sentence when the provider cannot be reached."""
    try:
        answer: HttpResponse = views.login(request, provider_id)
    except requests.RequestException as error:
        _log.error("the organisation's sign-in cannot be reached: %s", error)
        return render(request, "socialaccount/authentication_error.html", status=502)
    return answer
