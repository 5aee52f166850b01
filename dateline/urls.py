"""Every address of the site, part by part."""

from django.urls import include, path

urlpatterns = [
    path("", include("dateline.operations.urls")),
    path("", include("dateline.desk.urls")),
    path("", include("dateline.api.urls")),
    path("", include("dateline.feeds.urls")),
    path("", include("dateline.alerts.urls")),
    path("", include("dateline.embargo.urls")),
    path("", include("dateline.exports.urls")),
    path("", include("dateline.exports.oai.urls")),
    # Last: it takes any name below a story's number for a headline's.
    path("", include("dateline.website.urls")),
]

handler400 = "dateline.website.views.errors.bad_request"
handler403 = "dateline.website.views.errors.forbidden"
handler404 = "dateline.website.views.errors.not_found"
handler500 = "dateline.website.views.errors.server_error"
