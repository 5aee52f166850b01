"""A story in every form: read by others, withdrawn in every one, printed in every script."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
import schemas
from build import draft, genre, office, published, topic
from django.test import Client
from hypothesis import HealthCheck, given, settings
from lxml import etree
from samples import BARE, any_entries

from dateline.archive import sheets, story_endings
from dateline.exports import stories
from dateline.formats.feed import Entry
from dateline.formats.pdf.write import write as write_pdf
from dateline.publishing import verbs
from dateline.stories.models import Contact, Story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("archive_file")]
ORIGIN = "https://news.example.org"
EACH = pytest.mark.parametrize("suffix", [form.suffix for form in stories.FORMS])


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.ORIGIN = ORIGIN


@pytest.fixture
def story() -> Story:
    made = draft(
        "Court opens",
        published=date(2024, 3, 15),
        summary="Judges from three countries met.",
        body="<h2>Below</h2><p>They <b>agreed</b>.</p><ul><li>one</li></ul>",
        offices=(office("vienna", "Vienna"),),
        topics=(topic("law", "Rule of law"),),
        genre=genre("news", "Press release"),
        dateline="VIENNA, 15 March 2024",
        byline="A. Writer",
    )
    made.contacts.add(Contact.objects.create(name="N. Officer", email="n@example.org"))
    made.save()
    verbs.publish(made)
    return Story.objects.get()


def _path(story: Story, suffix: str) -> str:
    ending = story_endings.get(suffix)
    assert ending
    return ending.path(story)


# --- addresses and states ---------------------------------------------------------------------
@EACH
def test_a_story_has_every_form_at_an_address_that_lasts(
    story: Story, client: Client, suffix: str
) -> None:
    path = f"/en/news/{story.number}.{suffix}"
    assert path == _path(story, suffix)
    answer = client.get(path)
    ending = story_endings.get(suffix)
    assert ending
    assert answer.status_code == 200
    assert answer["Content-Type"].partition(";")[0] == ending.media_type
    assert 'filename="court-opens.' in answer["Content-Disposition"]
    again = client.get(path, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    verbs.correct(Story.objects.get(), "It was four countries")
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 200


@EACH
def test_a_killed_story_is_gone_in_every_form(story: Story, client: Client, suffix: str) -> None:
    verbs.kill(story, "Must not be used")
    answer = client.get(_path(story, suffix))
    assert (answer.status_code, answer.content) == (410, b"Must not be used\n")


@EACH
def test_of_a_retracted_story_there_is_the_notice(
    story: Story, client: Client, suffix: str
) -> None:
    verbs.retract(story, "The figures were wrong.")
    answer = client.get(_path(story, suffix))
    assert answer.status_code == 200
    said = answer.content if suffix != "pdf" else _pdf_text(answer.content).encode()
    assert b"The figures were wrong." in said
    assert b"Court opens" in said
    for gone in (b"agreed", b"Judges", b"Writer", b"Officer", b"VIENNA"):
        assert gone not in said


@EACH
@pytest.mark.parametrize("end", ["draft", "unpublished", "nowhere", "language"])
def test_what_is_not_public_has_no_form(client: Client, suffix: str, end: str) -> None:
    made = published("Court opens")
    paths = {"nowhere": f"/en/news/999.{suffix}", "language": f"/fr/news/{made.number}.{suffix}"}
    if end == "unpublished":
        verbs.unpublish(made)
    if end == "draft":
        assert draft("Never published").number is None
        paths["draft"] = f"/en/news/{(made.number or 0) + 1}.{suffix}"
    assert client.get(paths.get(end, f"/en/news/{made.number}.{suffix}")).status_code == 404


def test_an_unknown_form_names_the_known(story: Story, client: Client) -> None:
    answer = client.get(f"/en/news/{story.number}.docx")
    assert answer.status_code == 404
    assert ".pdf, .txt, .ninjs, .newsml, .bib, .ris, .csl" in answer.content.decode()


# --- what they say ----------------------------------------------------------------------------
def test_references_name_the_version_they_are_of(story: Story, client: Client) -> None:
    verbs.correct(story, "It was four countries")
    short = f"{ORIGIN}/n/{story.number}"
    bib = client.get(_path(story, "bib")).content.decode()
    (entry,) = bibtexparser.parse_string(bib).entries
    assert (entry["version"], entry["url"]) == ("2", short)
    assert entry["note"].startswith("Version 2, ")
    (record,) = rispy.loads(client.get(_path(story, "ris")).content.decode())
    assert (record["edition"], record["urls"]) == ("2", [short])
    (item,) = json.loads(client.get(_path(story, "csl")).content)
    assert (item["version"], item["URL"], item["genre"]) == ("2", short, "Press release")


def test_news_systems_get_what_their_schemas_want(
    story: Story, client: Client, real_data: Path
) -> None:
    folder = real_data / "schemas"
    verbs.correct(story, "It was four countries")
    for told in ("usable", "canceled"):
        item = json.loads(client.get(_path(story, "ninjs")).content)
        assert [error.message for error in schemas.ninjs(folder).iter_errors(item)] == []
        assert item["pubStatus"] == told
        newsml = client.get(_path(story, "newsml")).content
        assert schemas.newsml_errors(folder, newsml) == []
        assert f'qcode="stat:{told}"'.encode() in newsml
        assert etree.fromstring(newsml).get("version") == item["version"]
        if told == "usable":
            verbs.retract(Story.objects.get(), "The figures were wrong.")


def test_plain_text_says_it_all_once(story: Story, client: Client) -> None:
    text = client.get(_path(story, "txt")).content.decode()
    assert text.startswith("Test newsroom\n\nCourt opens\n\n15 March 2024\n\nJudges from")
    for part in ("Below", "They agreed.", "• one", "A. Writer", "N. Officer, n@example.org"):
        assert text.count(part) == 1
    assert f"{ORIGIN}/n/{story.number}" in text


# --- PDF --------------------------------------------------------------------------------------
def _poppler(program: str, content: bytes, *options: str) -> str:
    if shutil.which(program) is None:
        pytest.skip(f"no {program}: apt-get install poppler-utils")
    done = subprocess.run([program, *options], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def _pdf_text(content: bytes) -> str:
    return _poppler("pdftotext", content, "-", "-")


SCRIPTS = {
    "en": ("Court opens in Zürich – “naïve” œuvre", "Latin"),
    "ru": ("Суд открыт: Їжак и Ѣ", "Libertinus"),
    "ar": ("افتتاح المحكمة في فيينا", "Naskh"),
    "hy": ("Դատարանը բացվում է", "Armenian"),
    "ka": ("სასამართლო იხსნება", "Georgian"),
    "el": ("Το δικαστήριο ανοίγει", "Libertinus"),
}


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_pdf_is_tagged_and_brings_its_fonts(client: Client, language: str) -> None:
    headline, font = SCRIPTS[language]
    entry = Entry(
        id=f"{ORIGIN}/n/1#{language}",
        url=f"{ORIGIN}/{language}/news/1/x",
        headline=headline,
        published=date(2024, 3, 15),
        language=language,
        summary=headline,
        body_html=f"<p>{headline}</p><h3>{headline}</h3>",
        number=1,
    )
    content = write_pdf(sheets.sheet(entry))
    about = _poppler("pdfinfo", content, "-")
    assert "Tagged:          yes" in about
    assert headline in about
    fonts = _poppler("pdffonts", content, "-").splitlines()[2:]
    assert {line.split()[-5] for line in fonts} == {"yes"}  # embedded
    assert any(font in line for line in fonts) or font == "Latin"
    words = _poppler("pdftotext", content, "-raw", "-", "-")
    assert all(word in words for word in headline.replace("“", "").split()[:2])
    assert write_pdf(sheets.sheet(entry)) == content


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=any_entries())
def test_any_story_can_be_printed(entry: Entry) -> None:
    """Whatever the text says, it is text to Typst."""
    assert write_pdf(sheets.sheet(entry)).startswith(b"%PDF-1.7")


def test_a_sign_no_font_has_is_a_box_and_said_in_the_log(caplog: Any) -> None:
    entry = replace(BARE, headline="\U00012544 cuneiform")
    assert "Tagged:          yes" in _poppler("pdfinfo", write_pdf(sheets.sheet(entry)), "-")
    assert "could not be displayed" in caplog.text


def test_a_pdf_says_what_the_page_says(story: Story, client: Client) -> None:
    words = " ".join(_pdf_text(client.get(_path(story, "pdf")).content).split())
    for part in ("Court opens", "15 March 2024", "Judges from three", "Below", "They agreed."):
        assert part in words
    assert "N. Officer, n@example.org" in words
    assert f"Permanent address: {ORIGIN}/n/{story.number}" in words


def test_a_time_is_printed_with_its_zone(client: Client) -> None:
    made = published("Timed", published=datetime(2024, 7, 1, 9, 30))  # noqa: DTZ001 - the desk's
    assert "1 July 2024, 09:30 CEST" in client.get(_path(made, "txt")).content.decode()
