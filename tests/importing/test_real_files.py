"""The other real files, with every rejection explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.publishing.models import Change, Version
from dateline.stories.models import State, Story

pytestmark = pytest.mark.django_db


def test_digitalgov_comes_in_whole(real_data: Path, bring) -> None:
    report = bring(real_data / "data" / "digitalgov.jsonl.gz")
    assert (report.records, report.created, report.rejected) == (2635, 2635, 0)
    assert set(report.terms["genre"]) == {"News", "Event", "Resource"}
    story = Story.objects.get(external_id="dg-0")
    assert "<a href=" in story.body
    assert "](" not in story.body


def test_govuk_comes_in_but_for_two_languages_nobody_writes_here(real_data: Path, bring) -> None:
    """28 records carry ids of others: two of 121 ids are Welsh and Urdu, 27 records are older."""
    report = bring(real_data / "data" / "govuk-examples.jsonl.gz")
    assert (report.records, report.created, report.superseded) == (150, 121, 27)
    assert {field for field, _ in report.reasons} == {"language"}
    assert [tag for tag in ("cy", "ur") if any(f"“{tag}”" in why for _, why in report.reasons)]
    assert set(Story.objects.values_list("locale__language_code", flat=True)) == {"en", "ar", "es"}
    assert Story.objects.filter(state=State.UNPUBLISHED).exists()
    assert not Story.objects.filter(state=State.UNPUBLISHED, live=True).exists()


CSV = """\
Titel;Datum;Text;Amt
"Gericht, eröffnet";15.03.2024;<p>Ein Gericht.</p>;Büro Wien|Büro Graz
Ohne Datum;;;
"""


def test_a_table_with_its_own_column_names(tmp_path: Path, bring) -> None:
    path = tmp_path / "alt.csv"
    path.write_text(CSV, encoding="utf-8")
    columns = {"Titel": "headline", "Datum": "published", "Text": "body", "Amt": "offices"}
    report = bring(path, mapping=columns, language="de")
    assert (report.created, report.rejected) == (1, 1)
    story = Story.objects.get()
    assert (story.headline, story.language) == ("Gericht, eröffnet", "de")
    assert {str(office) for office in story.offices.all()} == {"Büro Wien", "Büro Graz"}


FEED = """\
<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><language>fr</language>
<item><guid>a</guid><title>Le tribunal ouvre</title><category>Justice</category>
<pubDate>Fri, 15 Mar 2024 09:30:00 +0100</pubDate><link>https://example.org/a</link>
<description>Un tribunal a ouvert.</description></item></channel></rss>
"""


def test_a_feed_is_known_again_by_its_guids(tmp_path: Path, bring) -> None:
    path = tmp_path / "news.rss"
    path.write_text(FEED, encoding="utf-8")
    assert bring(path).created == 1
    path.write_text(FEED.replace("ouvre", "a ouvert"), encoding="utf-8")
    assert bring(path).updated == 1
    story = Story.objects.get()
    assert (story.language, story.external_id, story.headline) == (
        "fr",
        "a",
        "Le tribunal a ouvert",
    )


RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from([None, "1", "2", "3"]),
            "group": st.sampled_from([None, "g", "h"]),
            "language": st.sampled_from(["en", "fr", "de", "cy"]),
            "title": st.sampled_from(["Court opens", "Court closes", ""]),
            "published": st.sampled_from(["2024-03-15", "2999-01-01", "soon"]),
            "topics": st.lists(st.sampled_from(["Law", "Droit", "law ", "Recht"]), max_size=2),
            "offices": st.lists(st.sampled_from(["Vienna", "Wien (closed)"]), max_size=2),
            "withdrawn": st.booleans(),
        }
    ),
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=RECORDS, records=RECORDS, batch=st.integers(1, 5))
def test_again_changes_nothing_whatever_came_before(bring, before, records, batch) -> None:
    """After any two imports, the second one again finds everything as it left it."""
    bring(before, batch=batch)
    first = bring(records, batch=batch)
    state = list(Story.objects.order_by("pk").values())
    written = Change.objects.count(), Version.objects.count()
    again = bring(records, batch=3)
    assert (again.created, again.updated) == (0, 0)
    assert again.unchanged == first.created + first.updated + first.unchanged
    assert again.rejected == first.rejected
    assert list(Story.objects.order_by("pk").values()) == state
    assert (Change.objects.count(), Version.objects.count()) == written
