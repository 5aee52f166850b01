"""Addresses of the public site. A language in an address is one stories are written in."""

from __future__ import annotations

from django.conf import settings
from django.urls import path, register_converter

from dateline.website.views import (
    about,
    appearance,
    discovery,
    files,
    front,
    listing,
    story,
    terms,
)


class LanguageConverter:
    """The first part of an address: one of the newsroom's languages, as settings spell it."""

    regex = r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"

    def to_python(self, value: str) -> str:
        if value not in settings.NEWSROOM.languages:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class NumberConverter:
    """A story's number or a file's id: no leading zero, so that each has one address."""

    regex = r"[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(LanguageConverter, "language")
register_converter(NumberConverter, "number")

urlpatterns = [
    path("", front.root),
    path("n/<number:number>", story.short),
    path("n/<number:number>/pictures/<number:pk>-<str:size>.<slug:extension>", files.picture),
    path("n/<number:number>/documents/<number:pk>/<str:filename>", files.document),
    path("theme-<slug:version>.css", appearance.theme),
    path("logo-<slug:version>", appearance.logo),
    path("sitemap.xml", discovery.sitemap_index),
    path("sitemap-<language:language>-<number:part>.xml", discovery.sitemap),
    path("robots.txt", discovery.robots),
    path("<language:language>", front.with_slash),
    path("<language:language>/", front.front),
    path("<language:language>/news", listing.listing),
    path("<language:language>/news.<str:suffix>", listing.ending),
    path("<language:language>/news/<number:number>", story.story),
    path("<language:language>/news/<number:number>/<str:slug>", story.story),
    path("<language:language>/offices", terms.index, {"facet": "office"}),
    path("<language:language>/offices/<str:slug>", terms.term, {"facet": "office"}),
    path("<language:language>/topics", terms.index, {"facet": "topic"}),
    path("<language:language>/topics/<str:slug>", terms.term, {"facet": "topic"}),
    path("<language:language>/about", about.about),
    path("<language:language>/accessibility", about.accessibility),
]
