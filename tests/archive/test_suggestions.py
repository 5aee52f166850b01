"""What else may have been meant: only what readers can read, and only what finds something."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from build import indexed, office, published, topic
from django.utils import timezone

from dateline.archive import search, suggestions
from dateline.archive.query import Query
from dateline.publishing import verbs
from dateline.vocabularies import snapshot as vocabularies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
TODAY = date(2024, 6, 12)


def _respelled(keywords: str, language: str = "en", at: datetime | None = None, **more: object):
    query = Query(language, keywords=keywords, **more)  # type: ignore[arg-type]
    return suggestions.respelled(query, at or timezone.now(), vocabularies.current())


def _meant(keywords: str, language: str = "en") -> str:
    found = _respelled(keywords, language)
    return found.query.keywords if found else ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("elektions", "elections"),
        ("Elektions", "Elections"),
        ("elektions obsevers", "elections observers"),
        ("pristhine", "prishtinë"),
        ("Pristhine", "Prishtinë"),
        ('"domestic obsevers" elections', '"domestic observers" elections'),
        ("headline:elektions", "headline:elections"),
        ("elektions -war", "elections -war"),
        ("obsever-elektions", "observer-elections"),
    ],
)
def test_misspelt_words_are_replaced_and_the_rest_of_the_question_stays(
    typed: str, meant: str
) -> None:
    published("Elections in Prishtinë", summary="Domestic observers, observer-elections")
    indexed()
    assert _meant(typed) == meant
    assert search.search(Query("en", keywords=meant)).total == 1


@pytest.mark.parametrize(
    "typed", ["elections", "elections war", "-elektions", "elektion*", "xq", "人权", "2025", ""]
)
def test_what_is_not_misspelt_is_left_alone(typed: str) -> None:
    published("Elections of 2024", summary="促进人权")
    published("The war")
    indexed()
    assert _meant(typed) == ""


def test_every_other_filter_is_kept() -> None:
    vienna, law = office("vienna"), topic("law")
    published("Elections", offices=(vienna,))
    published("Elections again", topics=(law,), published=date(2023, 1, 1))
    indexed()
    found = _respelled("elektions", selections=(("topic", ("law",)),), sort="oldest", page=3)
    assert found is not None
    assert found.query == Query("en", "elections", (("topic", ("law",)),), sort="oldest")
    assert found.total == search.search(found.query).total == 1
    assert _respelled("elektions", selections=(("year", ("1999",)),)) is None


def test_the_words_are_those_of_the_list_s_languages() -> None:
    published("Beobachtung", language="de")
    indexed()
    assert _meant("Beobachtun") == ""
    assert _meant("Beobachtun", "de") == "Beobachtung"
    both = (("language", ("de", "en")),)
    found = _respelled("Beobachtun", selections=both)
    assert found is not None
    assert found.query.selected("language") == ("de", "en")


def test_a_right_to_left_word_is_written_as_the_story_writes_it() -> None:
    published("الأمم المتحدة تراقب الانتخابات", language="ar")
    indexed()
    assert _meant("الأنتخابات", "ar") in ("", "الانتخابات")  # found by its stem, or meant
    assert _meant("المتحددة", "ar") == "المتحدة"
    assert _meant("الاممم", "ar") == "الأمم"


def test_words_of_withdrawn_expired_or_unpublished_stories_are_not_suggested() -> None:
    stories = [
        published("Zorbatic one"),
        published("Quimpelic two", expire_at=datetime(2190, 1, 1, tzinfo=UTC)),
    ]
    indexed()
    assert _meant("zorbatik") == "zorbatic"
    verbs.unpublish(stories[0])
    for _ in range(2):  # an index that has not heard of it, and one that has
        assert _meant("zorbatik") == ""
        indexed()
    assert _respelled("quimpelik") is not None
    assert _respelled("quimpelik", at=datetime(2190, 1, 2, tzinfo=UTC)) is None


def test_no_more_than_a_few_words_are_looked_up() -> None:
    published("Elections")
    indexed()
    assert _meant(" ".join(["zzzqqq"] * 30 + ["elektions"])) == ""


# --- dates among the words --------------------------------------------------------------------
def _dated(keywords: str, language: str = "en", **more: object) -> Query | None:
    query = Query(language, keywords=keywords, **more)  # type: ignore[arg-type]
    found = suggestions.dated(query, timezone.now(), vocabularies.current(), TODAY)
    return found.query if found else None


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("elections 2016", "en", Query("en", "elections", (("year", ("2016",)),))),
        ("elections March 2016", "en", Query("en", "elections", (("month", ("2016-03",)),))),
        ("elections 14 March 2016", "en", Query(
            "en", "elections", since=date(2016, 3, 14), until=date(2016, 3, 14))),
        ("2015-2016", "en", Query("en", since=date(2015, 1, 1), until=date(2016, 12, 31))),
        ("März 2016", "de", Query("de", selections=(("month", ("2016-03",)),))),
        ("انتخابات ٢٠١٦", "ar", Query("ar", "انتخابات", (("year", ("2016",)),))),
        ("elections 1999", "en", None),
        ("2016 elections", "en", None),
        ("C-5", "en", None),
        ("elections March", "en", None),
    ],
)  # fmt: skip
def test_a_date_at_the_end_is_offered_as_a_filter_where_that_finds_something(
    typed: str, language: str, meant: Query | None
) -> None:
    for tongue, headline in (("en", "Elections"), ("de", "Wahlen"), ("ar", "الانتخابات")):
        published(headline, language=tongue, published=date(2016, 3, 14))
    indexed()
    assert _dated(typed, language) == meant


def test_a_question_that_has_dates_already_is_offered_none() -> None:
    published("Elections", published=date(2016, 3, 14))
    indexed()
    assert _dated("elections 2016", since=date(2016, 1, 1)) is None
    assert _dated("elections 2016", selections=(("year", ("2016",)),)) is None
