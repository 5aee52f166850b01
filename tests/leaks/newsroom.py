"""A newsroom with a story in every state that is not public, each marked with words of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from build import draft, genre, indexed, office, published, topic
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from wagtail.documents.models import Document
from wagtail.models import Locale

from dateline.desk.notes.models import Note
from dateline.embargo.models import Reader
from dateline.publishing import verbs
from dateline.stories.models import Contact, Picture, Story, StoryDocument, StoryPicture
from dateline.vocabularies.models import Genre, Office, Topic

LATER = timedelta(hours=2)
"""How long after the newsroom was filled it is looked at: what expires in between has expired."""


@dataclass
class Hidden:
    """A story, or a text of one, that nobody but the desk may see.

    `secret` stands in every text of it and inside its files, `handle` in the same texts: readers
    ask for the handle, and must not learn the secret. `headline` is a word of the headline (and so
    of the address) alone, `file` of its files' names.
    """

    state: str
    pk: int = 0
    number: int | None = None
    slug: str = ""

    @property
    def secret(self) -> str:
        return f"zqsecret{self.state}"

    @property
    def handle(self) -> str:
        return f"zqhandle{self.state}"

    @property
    def headline(self) -> str:
        return f"zqheadline{self.state}"

    @property
    def file(self) -> str:
        return f"zqfile{self.state}"

    @property
    def words(self) -> tuple[str, ...]:
        return (self.secret, self.headline, self.file)


def terms() -> None:
    """Terms are public by themselves; who uses them may not be."""
    office("vienna", "Vienna")
    office("shadow-office", "Zqshadow office")
    topic("law", "Rule of law")
    topic("shadow-topic", "Zqshadow topic")
    genre("news", "News")
    genre("shadow-genre", "Zqshadow genre")


def public_stories() -> list[Story]:
    """What readers may see: in two languages, with a picture and a document."""
    for number in range(12):
        published(f"Open story {number}", published=date(2023, 1, 1 + number), **_filed("vienna"))
    published("Récit ouvert", language="fr", published=date(2023, 2, 1), **_filed("vienna"))
    story = draft("Illustrated story", published=date(2023, 3, 1), **_filed("vienna"))
    _attach(story, "open", "open")
    verbs.publish(story)
    indexed()
    return list(Story.objects.order_by("pk"))


def _filed(where: str) -> dict[str, Any]:
    shadow = where == "shadow"
    return {
        "offices": tuple(Office.objects.filter(slug__in=["vienna", *["shadow-office"] * shadow])),
        "topics": tuple(Topic.objects.filter(slug__in=["law", *["shadow-topic"] * shadow])),
        "genre": Genre.objects.get(slug="shadow-genre" if shadow else "news"),
    }


def hide_all(public: list[Story]) -> list[Hidden]:
    """One hidden story for each state; the index has heard of those that were public once."""
    early = [_hidden(state, **fields) for state, fields in _PUBLIC_ONCE.items()]
    for hidden in early:
        verbs.publish(Story.objects.get(pk=hidden.pk))
        _remember(hidden)
    indexed()
    for hidden in early:
        _WITHDRAWALS[hidden.state](Story.objects.get(pk=hidden.pk))
    never = [_hidden(state) for state in _NEVER_PUBLIC]
    for hidden in never:
        _NEVER_PUBLIC[hidden.state](Story.objects.get(pk=hidden.pk))
    drafts = [_edit(public[0]), _schedule_edit(public[1]), _translation(public[2])]
    _library_only()
    for hidden in (*early, *never):
        _remember(hidden)
    return [*early, *never, *drafts, Hidden("library")]


def _remember(hidden: Hidden) -> None:
    """Number and slug, which stay in readers' bookmarks when the story is gone."""
    story = Story.objects.filter(pk=hidden.pk).first()
    if story:
        hidden.number, hidden.slug = story.number, hidden.slug or story.slug


# --- states -----------------------------------------------------------------------------------
def _embargo(story: Story) -> None:
    """Shown ahead to somebody, who has accepted the terms."""
    story.embargoed_until = timezone.now() + timedelta(days=30)
    verbs.publish(story)
    Reader.objects.create(
        story=story,
        name="Reader",
        email="reader@example.org",
        language="en",
        digest=f"{story.pk:064}",
        accepted_at=timezone.now(),
    )


def _schedule(story: Story) -> None:
    verbs.schedule(story, timezone.now() + timedelta(days=30))


def _in_future(story: Story) -> None:
    story.given_date = date(2190, 1, 1)
    verbs.publish(story)


_NEVER_PUBLIC: dict[str, Callable[[Story], Any]] = {
    "draft": lambda story: None,
    "submitted": lambda story: _submit(story),
    "scheduled": _schedule,
    "future": _in_future,
    "embargoed": _embargo,
}
_PUBLIC_ONCE: dict[str, dict[str, Any]] = {
    "lateembargo": {},
    "unpublished": {},
    "retracted": {},
    "killed": {},
    "deleted": {},
    "expired": {"expire_at": timedelta(hours=1)},
    "replaced": {},
    "outofdate": {},
}
_WITHDRAWALS: dict[str, Callable[[Story], Any]] = {
    "lateembargo": _embargo,
    "unpublished": verbs.unpublish,
    "retracted": lambda story: verbs.retract(story, "This story was wrong."),
    "killed": lambda story: verbs.kill(story, "This story must not be used."),
    "deleted": verbs.delete,
    "expired": lambda story: None,  # time does it
    "replaced": lambda story: _replace(story),
    "outofdate": lambda story: verbs.withdraw_as_out_of_date(story, "This is how it was."),
}


def _replace(story: Story) -> None:
    """A text that was withdrawn, and another published in its stead: a new beginning.

    The other is out of date by now, so that it stands in no list.
    """
    verbs.unpublish(story)
    story.headline = "An open text instead"
    story.summary = story.dateline = story.byline = story.location = story.translation_note = ""
    story.body = "<p>Open.</p>"
    story.pictures.all().delete()
    story.documents.all().delete()
    story.contacts.clear()
    story.offices.set(Office.objects.filter(slug="vienna"))
    story.topics.clear()
    story.genre = Genre.objects.get(slug="news")
    Story.objects.filter(pk=story.pk).update(source_url="")
    story.refresh_from_db(fields=["source_url"])
    story.save_revision().publish()
    verbs.withdraw_as_out_of_date(story, "This too.")


def _submit(story: Story) -> None:
    workflow = story.get_workflow()
    assert workflow is not None
    workflow.start(story, get_user_model().objects.create_user("writer"))


def _edit(story: Story) -> Hidden:
    """A draft of a published story."""
    hidden = Hidden("edited", story.pk, story.number, story.slug)
    _write(story, hidden)
    story.genre = Genre.objects.get(slug="shadow-genre")
    story.save_revision()
    return hidden


def _schedule_edit(story: Story) -> Hidden:
    """A draft of a published story, approved for later."""
    hidden = Hidden("editscheduled", story.pk, story.number, story.slug)
    _write(story, hidden)
    verbs.schedule(story, timezone.now() + timedelta(days=30))
    return hidden


def _translation(story: Story) -> Hidden:
    """A translation of a published story that nobody has published."""
    hidden = Hidden("translation", number=story.number)
    text = story.copy_for_translation(Locale.objects.get(language_code="fr"))
    _write(text, hidden)
    text.live = False
    text.save()
    text.save_revision()
    hidden.pk = text.pk
    return hidden


# --- texts, pictures, documents, contacts -----------------------------------------------------
def _hidden(state: str, **fields: Any) -> Hidden:
    hidden = Hidden(state)
    ends = fields.get("expire_at")
    story = draft("To be written", published=date(2023, 2, 15), **_filed("shadow"))
    story.expire_at = timezone.now() + ends if ends else None
    _write(story, hidden)
    _attach(story, hidden.file, f"{hidden.secret} {hidden.handle}")
    story.save()
    story.save_revision()
    Note.objects.create(story=story, text=f"{hidden.secret} {hidden.handle}")
    Story.objects.filter(pk=story.pk).update(source_url=f"https://example.org/{hidden.secret}")
    hidden.pk = story.pk
    return hidden


def _write(story: Story, hidden: Hidden) -> None:
    """The hidden words into every text there is."""
    text = f"{hidden.secret} {hidden.handle}"
    story.headline = f"{hidden.headline.capitalize()} {hidden.handle}"
    story.summary = story.dateline = story.byline = story.location = text
    story.translation_note = text
    story.body = f"<p>{text}</p>"


def _attach(story: Story, name: str, text: str) -> None:
    story.pictures.add(
        StoryPicture(picture=picture(name, text), caption=text, alternative_text=text)
    )
    story.documents.add(StoryDocument(document=document(name, text), title=text))
    word = text.split()[0]
    story.contacts.add(
        Contact.objects.create(
            name=text, role=text, email=f"{word}@example.org", phone=f"+1 {word}"
        )
    )
    story.save()


def picture(name: str, text: str) -> Picture:
    """A picture whose file says `text` too, in a PNG's text chunk."""
    content, said = io.BytesIO(), PngInfo()
    said.add_text("Comment", text)
    Image.new("RGB", (600, 400), "navy").save(content, "PNG", pnginfo=said)
    file = ContentFile(content.getvalue(), name=f"{name}.png")
    return Picture.objects.create(
        title=text, file=file, description=text, credit=text, licence=text
    )


def document(name: str, text: str) -> Document:
    """A document whose file says `text` too."""
    file = ContentFile(text.encode(), name=f"{name}.txt")
    return Document.objects.create(title=text, file=file)


def _library_only() -> None:
    """A picture and a document that no story uses."""
    hidden = Hidden("library")
    picture(hidden.file, hidden.secret)
    document(hidden.file, hidden.secret)


def files() -> Iterable[str]:
    """Names, below the media folder, of every original and rendition there is."""
    for model in (Picture, Document):
        yield from model.objects.values_list("file", flat=True)
