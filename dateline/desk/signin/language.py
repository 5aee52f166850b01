"""The language of pages that people see before, or without, Wagtail's choice of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import translation
from wagtail.users.models import UserProfile


def in_their_language(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view in the language the person has chosen for the desk, else the browser's."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            language = UserProfile.get_for_user(request.user).get_preferred_language()
        else:
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()  # which would else happen later, in another language
            return response

    return spoken
