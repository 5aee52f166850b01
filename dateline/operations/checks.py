"""The checks of `dateline check`: each yields a sentence for everything that is wrong."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks as django_checks
from django.db import connection
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from dateline.archive import check
from dateline.archive import index as archive_index
from dateline.operations import purging, readiness, standby

Check = Callable[[], Iterable[str]]

ESSENTIAL = "database"
"""The check without which those after it make no sense."""
NAMED = 20
"""How many findings of one kind are named; the rest is counted."""


def chosen(*, quick: bool) -> list[tuple[str, Check]]:
    """The checks in the order they are run."""
    checks: list[tuple[str, Check]] = [
        ("configuration", configuration),
        ("permissions", permissions),
        ("database", database),
        ("static files", static_files),
        ("standby and caches", surroundings),
    ]
    if not quick:
        checks += [("index", index), ("pictures and documents", media)]
    return checks


def configuration() -> Iterator[str]:
    """Settings that Django finds wrong, and those that would not do in public."""
    for message in django_checks.run_checks():
        if message.is_serious():
            yield f"{message.msg} ({message.id})"
    if settings.DEBUG:
        yield "DATELINE_DEBUG is on, which shows readers the site's inner parts; turn it off."
    if settings.TRUST_PROXY and not settings.SECURE:
        yield "DATELINE_TRUST_PROXY is on, but DATELINE_ORIGIN does not begin with https://."


def permissions() -> Iterator[str]:
    """Who may read the data folder, and whether we may write to it."""
    folder: Path = settings.DATA
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o007:
        yield f"{folder} is open to every user of this machine; run: chmod o= {folder}"
    key = folder / "secret-key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield f"{key} can be read by others; run: chmod 600 {key}"
    yield from _unwritable(folder)


def _unwritable(folder: Path) -> Iterator[str]:
    probe = folder / ".writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield f"{folder} cannot be written to ({error.strerror}) by the user running this."


def database() -> Iterator[str]:
    """Whether it answers, and has this version's tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if missing := readiness.unapplied():
        yield f"{len(missing)} migrations are not applied ({missing[0]} …); run `dateline prepare`."
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if (found := cursor.fetchone()[0]) != "ok":
                yield f"the database file is damaged ({found}); restore a backup."


def static_files() -> Iterator[str]:
    """Whether style sheets and scripts were gathered for this version."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield f"no static files in {settings.STATIC_ROOT}; run `dateline prepare`."


def index() -> Iterator[str]:
    """Whether the index is sound, and every text in it against the store, both ways."""
    engine = archive_index.engine()
    if faults := list(_first(engine.damage())):
        yield from (f"the index is damaged: {fault}" for fault in faults)
        yield "build the index anew: dateline reindex"
        return
    if behind := check.behind(engine):
        yield f"{behind} changes are not indexed yet; is the worker running?"
    yield from _first(check.compare(engine))


def surroundings() -> Iterator[str]:
    """The servers around the site that lag behind it; readers are served all the same."""
    if standby.ALIAS in settings.DATABASES and standby.is_late(readiness.PATIENCE):
        yield "the standby is away, or a minute behind: readers' requests go to the primary."
    for name in purging.late():
        yield f"the cache {name} has not been told of changes for a minute; see the worker's log."


def media() -> Iterator[str]:
    """The files that pictures and documents name."""
    yield from _first(_missing_files())


def _missing_files() -> Iterator[str]:
    for model in (get_image_model(), get_document_model()):
        for item in model.objects.order_by("pk").iterator(chunk_size=500):
            if not item.file or not item.file.storage.exists(item.file.name):
                what = f"{model._meta.verbose_name} {item.pk} “{item.title}”"
                yield f"{what}: there is no file {item.file.name}"


def _first(findings: Iterable[str]) -> Iterator[str]:
    """The first findings in full, then how many more there are."""
    more = 0
    for number, finding in enumerate(findings):
        if number < NAMED:
            yield finding
        else:
            more += 1
    if more:
        yield f"… and {more} more"
