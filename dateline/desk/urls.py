"""Addresses of the desk: Wagtail's admin, and the files only it may open."""

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls

from dateline.desk import files
from dateline.desk.planning import views as planning
from dateline.desk.signin import urls as signin

urlpatterns = [
    path("desk/media/<path:path>", files.media, name="desk_media"),
    re_path(r"^desk/documents/(\d+)/(.*)$", files.document, name="wagtaildocs_serve"),
    path("calendar/<str:secret>.ics", planning.ics, name="desk_calendar"),
    path("desk/", include(signin)),
    path("desk/", include(wagtailadmin_urls)),
]
