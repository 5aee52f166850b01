"""Following a list by e-mail, without a password and without a cookie."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dateline.alerts import doors, forms, links, membership, questions
from dateline.alerts.doors import own_forms, page
from dateline.archive import caching, facets, search, sentence
from dateline.archive.query import Parsed, Query, parse
from dateline.stories import ports
from dateline.vocabularies import snapshot as vocabularies

MONTH = timedelta(days=30)
PREVIEWED = 3


@own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, language: str) -> HttpResponse:
    """The wish to follow a list: what it brings, how often, in which languages, to whom."""
    asked = _asked(request, language)
    if asked.problems:
        return page(request, "unknown", language, {"list": asked.query.path()}, status=404)
    if request.method != "POST":
        return _empty_form(request, asked.query)
    form = forms.FollowForm(request.POST)
    if form.is_trapped:
        return _sent(language)
    if not form.is_valid():
        return _form(request, asked.query, request.POST.dict(), form)
    return _ask(request, asked.query, form)


def _asked(request: HttpRequest, language: str) -> Parsed:
    parsed = parse(dict(request.GET.lists()), language, timezone.localdate())
    query, unknown = facets.resolve(parsed.query, vocabularies.current())
    # Page, size, order and names of the list it was asked from are nothing to follow.
    plain = questions.plain(query, _languages(query))
    return Parsed(plain, (*parsed.problems, *unknown))


def _languages(query: Query) -> tuple[str, ...]:
    """The list's languages, its own first where it is among them."""
    tongues = sorted(query.languages, key=lambda tag: (tag != query.language, tag))
    return tuple(tongues[: forms.CHOICES])


def _ask(request: HttpRequest, query: Query, form: forms.FollowForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        membership.ask(
            query, form.languages, form.when, given["zone"], given["email"], doors.client(request)
        )
    except membership.TooMany:
        return too_many(request, query.language)
    return _sent(query.language)


def _sent(language: str) -> HttpResponse:
    return HttpResponseRedirect(f"/{language}/follow/sent", status=303)


def _empty_form(request: HttpRequest, query: Query) -> HttpResponse:
    chosen = {f"language{at}": tag for at, tag in enumerate(_languages(query), 1)}
    chosen |= {"frequency": "at-once", "hour": "8", "weekday": "0", "zone": settings.TIME_ZONE}
    context = _context(query, chosen)
    assert ports.page is not None  # noqa: S101 - the website is installed
    shown: HttpResponse = ports.page(
        request, "alerts/follow.html", query.language, context, keys=[caching.EVERY_LIST]
    )
    shown["X-Robots-Tag"] = "noindex"
    return shown


def _form(
    request: HttpRequest, query: Query, chosen: dict[str, str], form: forms.FollowForm
) -> HttpResponse:
    """The form as it was sent, with what is wrong with it."""
    context = _context(query, chosen) | {"errors": form.errors}
    return page(request, "follow", query.language, context, status=422)


def _context(query: Query, chosen: dict[str, str]) -> dict[str, object]:
    since = timezone.localdate() - MONTH
    recent = replace(query, since=max(since, query.since or since), size=10)
    result = search.search(recent, counted=False)
    return {
        "section": "",
        "heading": sentence.say(query, result.snapshot),
        "list": query.path(),
        "action": f"/{query.language}/follow?{query.write()}".rstrip("?"),
        "total": result.total,
        "latest": result.stories[:PREVIEWED],
        "alternates": {tag: _there(query, tag) for tag in settings.NEWSROOM.languages},
        **forms.shown(chosen),
    }


def _there(query: Query, language: str) -> str:
    return f"/{language}/follow?{query.in_language(language).write()}".rstrip("?")


def too_many(request: HttpRequest, language: str) -> HttpResponse:
    """429: this client has asked too often."""
    text = _("So many requests came from your network that we stop for an hour. Try again later.")
    shown = page(request, "refused", language, {"text": text}, status=429)
    shown["Retry-After"] = str(int(membership.WINDOW.total_seconds()))
    return shown


@require_safe
def sent(request: HttpRequest, language: str) -> HttpResponse:
    """What to do now; the same for everybody, whether the address was known or not."""
    return page(request, "sent", language, {"alternates": {}})


@own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Confirming by a button: programs that look at mails open every link in them."""
    wish = links.request_of(token)
    if wish is None:
        return page(request, "expired", language, {}, status=404)
    if request.method == "POST":
        subscriber = membership.confirm(wish)
        return HttpResponseRedirect(links.manage_path(subscriber) + "?done=confirmed", status=303)
    snapshot = vocabularies.current()
    query = questions.read(wish.languages.split(",")[0], wish.text, snapshot)
    heading = sentence.say(query, snapshot)
    return page(request, "confirm", language, {"heading": heading, "wish": wish})


@own_forms
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, language: str) -> HttpResponse:
    """For who has lost the link to their own page: it is sent to them anew."""
    if request.method != "POST":
        return page(request, "link", language, {})
    form = forms.AddressForm(request.POST)
    if form.is_trapped:
        return _sent(language)
    if not form.is_valid():
        context = {"errors": form.errors, "chosen": request.POST.dict()}
        return page(request, "link", language, context, status=422)
    try:
        membership.ask_for_link(form.cleaned_data["email"], doors.client(request), language)
    except membership.TooMany:
        return too_many(request, language)
    return _sent(language)
