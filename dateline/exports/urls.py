"""Exports that are no ending of a list."""

from django.urls import path

from dateline.archive import converters  # noqa: F401 - registers <language> and <number>
from dateline.exports.views import story

urlpatterns = [
    path("<language:language>/news/<number:number>.<str:suffix>", story),
]
