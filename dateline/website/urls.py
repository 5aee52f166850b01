"""Addresses of the public site. A language in an address is one stories are written in."""

from __future__ import annotations

from django.urls import path

from dateline.archive import converters  # noqa: F401 - registers <language> and <number>
from dateline.website.views import (
    about,
    appearance,
    discovery,
    files,
    front,
    listing,
    story,
    terms,
    versions,
    wellknown,
)

urlpatterns = [
    path("", front.root),
    path("n/<number:number>", story.short),
    path("n/<number:number>/pictures/<number:pk>-<str:size>.<slug:extension>", files.picture),
    path("n/<number:number>/documents/<number:pk>/<str:filename>", files.document),
    path("theme-<slug:version>.css", appearance.theme),
    path("logo-<slug:version>", appearance.logo),
    path(".well-known/security.txt", wellknown.security),
    path("opensearch-<language:language>.xml", wellknown.opensearch),
    path("sitemap.xml", discovery.sitemap_index),
    path("sitemap-news.xml", discovery.news),
    path("sitemap-<language:language>-<number:part>.xml", discovery.sitemap),
    path("robots.txt", discovery.robots),
    path("<language:language>", front.with_slash),
    path("<language:language>/", front.front),
    path("<language:language>/news", listing.listing),
    path("<language:language>/news.<str:suffix>", listing.ending),
    path("<language:language>/news/<number:number>", story.story),
    path("<language:language>/news/<number:number>/v<number:version>", versions.version),
    path("<language:language>/news/<number:number>/<str:slug>", story.story),
    path("<language:language>/news/<number:number>/v<number:version>/changes", versions.changes),
    path("<language:language>/news/<number:number>/v<number:version>/<str:slug>", versions.version),
    path("<language:language>/offices", terms.index, {"facet": "office"}),
    path("<language:language>/offices/<str:slug>", terms.term, {"facet": "office"}),
    path("<language:language>/topics", terms.index, {"facet": "topic"}),
    path("<language:language>/topics/<str:slug>", terms.term, {"facet": "topic"}),
    path("<language:language>/about", about.about),
    path("<language:language>/accessibility", about.accessibility),
]
