"""The ways to the desk. Signing up is not among them: people are added by administrators."""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as elsewhere
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import include, path
from django.views.decorators.cache import never_cache
from wagtail.utils.urlpatterns import decorate_urlpatterns

from dateline.desk.signin import people, provider
from dateline.desk.signin.language import in_their_language

_ways = [
    # These two take the place of Wagtail's, which would not ask for the second factor.
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/second-factor/", include("allauth.mfa.urls")),
    path("sign-in/sessions/", include("allauth.usersessions.urls")),
    path("sign-in/failed/", elsewhere.login_error, name="socialaccount_login_error"),
    path("sign-in/cancelled/", elsewhere.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/oidc/<str:provider_id>/login/", provider.login, name="openid_connect_login"),
    path(
        "sign-in/oidc/<str:provider_id>/login/callback/",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
    path("sign-in/people/<int:pk>/", people.person, name="desk_person_sign_in"),
]

urlpatterns = decorate_urlpatterns(decorate_urlpatterns(_ways, in_their_language), never_cache)
