from django.urls import path

from dateline.exports.oai.views import oai

urlpatterns = [path("oai", oai)]
