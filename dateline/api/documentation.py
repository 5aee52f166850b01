"""The OpenAPI document and the page that is made from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dateline.api import answers, asking, openapi


def document(request: HttpRequest) -> HttpResponseBase:
    """`openapi.json`: for programs that write programs."""
    asking.only(request)
    return answers.json(request, openapi.document())


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("soon")
