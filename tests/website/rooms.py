"""A small newsroom that has one of everything a page can show."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

from build import draft, genre, indexed, office, published, topic
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.documents.models import Document
from wagtail.models import Locale

from dateline import importing
from dateline.publishing import verbs
from dateline.stories.models import Contact, Picture, State, Story, StoryDocument, StoryPicture
from dateline.vocabularies.models import Office, OfficeName

HOSTILE = '</script><script>alert("story")</script> & "quotes"'


@dataclass
class Room:
    """The stories tests name; everything else of the newsroom is found through pages."""

    full: Story
    """Published, with every part, and corrected."""
    french: Story
    """`full` in French."""
    arabic: Story
    """`full` in Arabic."""
    only_french: Story
    retracted: Story
    killed: Story
    hidden: Story
    """A draft with a picture and a document of its own."""


def furnish(folder: Path) -> Room:
    """Put it into the database and the index; `folder` is for what has to be a file."""
    secretariat = office(
        "secretariat", "Secretariat", place="Vienna, Austria", names={"ar": "الأمانة"}
    )
    astana = office("astana", "Programme Office in Astana", parent=secretariat)
    astana.names.add(
        OfficeName(
            language="en",
            name="Centre in Almaty",
            valid_from=date(1998, 7, 1),
            valid_until=date(2007, 6, 21),
        )
    )
    astana.save()
    closed = office("georgia", "Mission to Georgia", closed=True, closed_on=date(2008, 12, 31))
    closed.successors.add(secretariat)
    law = topic("rule-of-law", "Rule of law", names={"ar": "سيادة القانون"})
    topic("courts", "Courts", parent=law)
    elections = topic("elections", "Elections")
    news = genre("news", "News")
    genre("press-release", "Press release")

    full = _full(astana, closed, law, news)
    others = _seminars(folder)
    published(HOSTILE, published=date(2000, 2, 2), summary=HOSTILE, byline=HOSTILE)
    published("Vote observed", published=date(1999, 5, 5), offices=(closed,), topics=(elections,))
    french = _translation(full, "fr", "Les juges se réunissent")
    arabic = _translation(full, "ar", "القضاة يجتمعون")
    only_french = published("Seulement en français", language="fr", published=date(2010, 1, 1))
    retracted, killed = others[0], others[1]
    verbs.retract(retracted, "The seminar did not take place.")
    verbs.kill(killed, "Published by mistake.")
    verbs.withdraw_as_out_of_date(others[2], "The rules it describes have changed.")
    hidden = _with_parts(draft("Not yet public"), "hidden")
    indexed()
    return Room(full, french, arabic, only_french, *map(_again, (retracted, killed, hidden)))


def _seminars(folder: Path) -> list[Story]:
    """Two stories a year from 2001 to 2016, imported: by far the fastest way to have many."""
    file = folder / "seminars.jsonl"
    records = [
        {
            "id": f"{year}-{month}",
            "title": f"Court seminar {month} of {year}",
            "published": f"{year}-{month:02}-03",
            "lead": "A seminar.",
            "content_type": "Press release",
            "offices": ["Programme Office in Astana"],
            "topics": ["Courts"],
        }
        for year in range(2001, 2017)
        for month in (3, 9)
    ]
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    importing.run(file)
    return list(Story.objects.filter(source="seminars").order_by("published_on"))


def _full(astana: Office, closed: Office, law: object, news: object) -> Story:
    story = draft(
        "Judges meet",
        published=datetime(2024, 3, 15, 14, 30),  # noqa: DTZ001 - the desk's boxes have no zone
        summary="Judges of two countries met.",
        body="<h2>What was said</h2><p>Much was said of <a href='/en/news'>courts</a>.</p>"
        "<table><tr><th>Year</th><th>Cases</th></tr><tr><td>2023</td><td>7</td></tr></table>",
        dateline="ASTANA, 15 March 2024",
        byline="Press desk",
        offices=(astana, closed),
        topics=(law,),
        genre=news,
    )
    _with_parts(story, "full")
    verbs.publish(story)
    story = Story.objects.get(pk=story.pk)
    story.summary = "Judges of three countries met."
    story.save_revision()
    verbs.correct(story, "Three countries took part, not two.")
    return _again(story)


def _with_parts(story: Story, name: str) -> Story:
    contact = Contact.objects.create(
        name="Press desk",
        email="press@example.org",
        phone="+43 1 5550 100",
        out_of_hours_phone="+43 664 5550 101",
    )
    story.contacts.add(contact)
    picture = Picture.objects.create(
        title=name,
        file=ContentFile(_jpeg(), f"{name}.jpg"),
        description="Two judges at a table",
        credit="A. Photographer",
        width=640,
        height=400,
    )
    story.pictures.add(StoryPicture(picture=picture, caption="The judges in Astana."))
    document = Document.objects.create(
        title="Agenda", file=ContentFile(b"%PDF-1.4 agenda", f"{name}.pdf")
    )
    story.documents.add(StoryDocument(document=document, title="The agenda"))
    story.save()
    return story


def _translation(story: Story, language: str, headline: str) -> Story:
    locale = Locale.objects.get_or_create(language_code=language)[0]
    other = Story(
        headline=headline,
        summary=headline,
        locale=locale,
        live=False,
        genre=story.genre,
        translation_key=story.translation_key,
        given_date=date(2024, 3, 15),
        translation_note="Unofficial translation",
    )
    other.save()
    other.offices.set(story.offices.all())
    other.topics.set(story.topics.all())
    other.save()
    verbs.publish(other)
    return _again(other)


def _again(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def _jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (640, 400), "#446688").save(made, "JPEG")
    return made.getvalue()


def paths(room: Room) -> dict[str, str]:
    """One address for every kind of page."""
    return {
        "front": "/en/",
        "listing": "/en/news",
        "filtered": "/en/news?office=astana&topic=rule-of-law",
        "words": "/en/news?keywords=court",
        "year": "/en/news?year=2010",
        "page": "/en/news?size=10&page=2",
        "problems": "/en/news?topic=nothing&from=rubbish&colour=red",
        "nothing": "/en/news?keywords=zebra&topic=elections",
        "misspelt": "/en/news?keywords=semnar+2010",
        "marked in Arabic": f"/ar/news?keywords={quote('قضاة')}",
        "story": room.full.get_absolute_url(),
        "plain story": Story.objects.get(headline="Vote observed").get_absolute_url(),
        "hostile story": Story.objects.get(headline=HOSTILE).get_absolute_url(),
        "version": f"/en/news/{room.full.number}/v1/judges-meet",
        "changes": f"/en/news/{room.full.number}/v2/changes",
        "out of date": Story.objects.get(state=State.OUT_OF_DATE).get_absolute_url(),
        "retracted": room.retracted.get_absolute_url(),
        "killed": room.killed.get_absolute_url(),
        "other language only": f"/en/news/{room.only_french.number}",
        "offices": "/en/offices",
        "office": "/en/offices/astana",
        "closed office": "/en/offices/georgia",
        "topics": "/en/topics",
        "topic": "/en/topics/rule-of-law",
        "about": "/en/about",
        "accessibility": "/en/accessibility",
        "missing": "/en/nothing-here",
        "arabic front": "/ar/",
        "arabic listing": "/ar/news",
        "arabic story": room.arabic.get_absolute_url(),
    }
