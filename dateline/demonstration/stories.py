"""The demonstration's stories, published through the verbs like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Locale

from dateline.lib import html
from dateline.publishing import verbs
from dateline.stories.models import Contact, Picture, Story, StoryDocument, StoryPicture
from dateline.vocabularies import snapshot as vocabularies

SOURCE = "demonstration"


def published_ids() -> set[str]:
    """The ids of the demonstration's texts that are in the store."""
    return set(Story.objects.filter(source=SOURCE).values_list("external_id", flat=True))


class Loader:
    """Publishes texts in the shape of the data files, each once: its id is remembered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known = published_ids()
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        terms = vocabularies.current()
        self.terms = {
            facet: {info.label("en"): info.id for info in terms.terms(facet)}
            for facet in ("office", "topic", "genre")
        }

    def publish(self, text: Mapping[str, Any]) -> bool:
        """Publish one text, corrected where it is to be; False if it is there or not wanted.

        A language that was taken out of newsroom.toml is not wanted.
        """
        if text["id"] in self.known or text["language"] not in self.locales:
            return False
        with transaction.atomic():
            story = self._draft(text)
            self._attach(story, text)
            story = verbs.publish(story)
            if correction := text.get("correction"):
                story.body = html.clean(correction["body"])
                verbs.correct(story, correction["note"])
        return True

    def _draft(self, text: Mapping[str, Any]) -> Story:
        story = Story(
            locale=self.locales[text["language"]],
            live=False,
            source=SOURCE,
            external_id=text["id"],
            headline=text["title"],
            summary=_without_dateline(text["lead"] or "", text.get("dateline") or ""),
            body=html.clean(text.get("body") or ""),
            dateline=_bare_dateline(text.get("dateline") or ""),
            byline=text.get("byline") or "",
            location=text.get("location") or "",
            translation_note=text.get("translation_note") or "",
            genre_id=self.terms["genre"].get(text.get("content_type") or ""),
            **_given(text["published"]),
        )
        if source := self._source(text):
            story.translation_key = source.translation_key
        story.save()
        story.offices.set([self.terms["office"][name] for name in text["offices"]])
        story.topics.set([self.terms["topic"][name] for name in text["topics"]])
        return story

    def _source(self, text: Mapping[str, Any]) -> Story | None:
        """The text this one translates, if it is a translation."""
        group = text.get("group")
        if not group or group == text["id"]:
            return None
        found: Story | None = Story.objects.filter(source=SOURCE, external_id=group).first()
        return found

    def _attach(self, story: Story, text: Mapping[str, Any]) -> None:
        if contact := text.get("contact"):
            story.contacts.set([_contact(contact)])
        if picture := text.get("picture"):
            story.pictures = [
                StoryPicture(
                    picture=self._picture(picture),
                    caption=picture["caption"],
                    alternative_text=picture["alt"],
                )
            ]
        story.documents = [
            StoryDocument(document=self._document(document), title=document["title"])
            for document in text.get("documents") or ()
        ]
        story.save()

    def _picture(self, picture: Mapping[str, str]) -> Picture:
        title = Path(picture["file"]).stem.replace("-", " ").capitalize()
        found: Picture | None = Picture.objects.filter(title=title).first()
        return found or Picture.objects.create(
            title=title,
            file=self._file(picture["file"]),
            description=picture["alt"],
            credit=picture["credit"],
        )

    def _document(self, document: Mapping[str, str]) -> Document:
        if found := Document.objects.filter(title=document["title"]).first():
            return found
        title, file = document["title"], self._file(document["file"])
        return Document.objects.create(title=title, file=file, file_size=file.size)

    def _file(self, name: str) -> ContentFile[bytes]:
        path = self.folder / name
        return ContentFile(path.read_bytes(), name=path.name)


def _contact(contact: Mapping[str, str]) -> Contact:
    made, _ = Contact.objects.get_or_create(
        name=contact["name"],
        defaults={
            "phone": contact["phone"],
            "out_of_hours_phone": contact["out_of_hours"],
            "email": contact["email"],
        },
    )
    return made


def _given(published: str) -> dict[str, Any]:
    """The publishing date as the desk would give it: a date, with a time where there is one."""
    if "T" not in published:
        return {"given_date": date.fromisoformat(published)}
    moment = timezone.localtime(datetime.fromisoformat(published))
    return {"given_date": moment.date(), "given_time": moment.time()}


def _bare_dateline(dateline: str) -> str:
    return dateline.rstrip(" -–—:.")


def _without_dateline(lead: str, dateline: str) -> str:
    """The lead without the dateline it begins with, which is a field of its own."""
    return lead.removeprefix(dateline).lstrip(" -–—:") if dateline else lead
