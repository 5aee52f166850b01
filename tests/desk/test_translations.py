"""Translating side by side: every passage in its place, nothing overwritten, nothing pretended."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import office, published
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.documents.models import Document
from wagtail.models import Locale

from dateline.desk.translations import captions, markup, segments
from dateline.desk.translations.rows import Row
from dateline.desk.translations.segments import Segment
from dateline.lib import html
from dateline.people.models import Membership, Role
from dateline.publishing import checks, releases, verbs
from dateline.publishing.checks import has_words
from dateline.stories.models import Picture, Story, StoryDocument, StoryPicture

BODY = (
    '<p>One <a href="https://a.example/">link</a>.</p><ul><li>Two<ul><li>Three</li></ul></li></ul>'
)

words = (
    st.text("abcאب <>&é", min_size=1, max_size=12)
    .filter(str.strip)
    .map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
)
links = words.map('<a href="https://a.example/">{}</a>'.format)
inline = st.one_of(
    words, links, words.map("<strong>{}</strong>".format), words.map("<em>x{}</em>".format)
)
block = st.one_of(
    inline.map("<p>{}</p>".format),
    inline.map("<h2>{}</h2>".format),
    st.tuples(inline, inline).map(
        lambda two: "<ul><li>{}<ul><li>{}</li></ul></li></ul>".format(*two)
    ),
    st.tuples(inline, inline).map(
        lambda two: "<table><tbody><tr><td>{}</td><td>{}</td></tr></tbody></table>".format(*two)
    ),
)
bodies = st.lists(block, max_size=6).map("".join).map(html.clean)


def joined(body: str, notes: str, targets: dict[str, str]) -> list[Segment]:
    made = [segments.join(*part, targets) for part in (("body", body), ("notes", notes))]
    return segments.cut("H", "S", *made)


def letters(text: str) -> str:
    return "".join(html.text(text).split())


@settings(max_examples=40, deadline=None)
@given(bodies, bodies)
def test_each_passage_stands_in_its_place_and_none_is_lost(body: str, notes: str) -> None:
    source = segments.cut("H", "S", body, notes)
    given_texts = {one.key: f"<b>{at}</b> t" for at, one in enumerate(source)}
    made = joined(body, notes, given_texts)
    assert [(one.key, one.tag) for one in made] == [(one.key, one.tag) for one in source]
    assert [one.text for one in made[2:]] == [given_texts[one.key] for one in source[2:]]
    assert letters("".join(one.text for one in source[2:])) == letters(body) + letters(notes)
    alone = segments.cut("H", "S", body, "")
    assert source[: len(alone)] == alone, "notes renumber nothing"


@settings(max_examples=40, deadline=None)
@given(bodies, bodies)
def test_what_is_not_translated_is_marked_and_comes_back_empty(body: str, notes: str) -> None:
    source = segments.cut("H", "S", body, notes)
    made = joined(body, notes, {one.key: one.text for one in source})
    empty = {one.key: "" if has_words(html.text(one.text)) else one.text for one in source[2:]}
    assert segments.targets(source[2:], made[2:]) == empty
    # A translation from before there were notes has the rest where it was.
    kept = segments.targets(source[2:], [one for one in made[2:] if one.part != "notes"])
    assert kept == {key: "" if key.startswith("notes") else text for key, text in empty.items()}


def test_figures_and_numbers_to_call_need_no_translation(desk: tuple[Client, Story]) -> None:
    translator, other = desk
    table = "<table><tbody><tr><td>Year</td><td>2023</td><td>12 %</td></tr></tbody></table>"
    notes = "<p>+43 1 514 36, <b>press@example.org</b></p>"
    given = {"body": f"<p>Hi.</p>{table}", "notes_to_editors": notes}
    story = published("Figures", offices=tuple(other.offices.all()), **given)
    address = f"/desk/translations/{story.pk}/ar/"
    fields = page(translator.get(address))
    assert (fields["body-3"], fields["body-1"]) == ("2023", "")
    translator.post(address, {**fields, "headline": "T", "body-1": "Salut.", "body-2": "An"})
    made = rendering(story).get_latest_revision_as_object()
    assert "<td>An</td><td>2023</td><td>12 %</td>" in made.body
    assert made.notes_to_editors == notes
    assert not checks.errors(made)


def test_a_change_is_found_in_its_own_part() -> None:
    before = segments.cut("H", "S", "<p>One.</p>", "<p>Two.</p>")
    now = segments.cut("H", "S", "<p>Uno.</p><p>New.</p>", "<p>Due.</p>")
    found = {key: one.text for key, one in segments.earlier(before, now).items()}
    assert found == {"headline": "H", "summary": "S", "body-1": "One.", "notes-1": "Two."}


@pytest.fixture
def desk(db: Any) -> tuple[Client, Story]:
    vienna = office("vienna")
    story = published("Source", body=BODY, offices=(vienna,))
    return client("translator", vienna), story


def client(name: str, at: Any) -> Client:
    person = get_user_model().objects.create_user(name)
    Membership.objects.create(user=person, role=Role.CONTRIBUTOR, office=at)
    made = Client()
    made.force_login(person)
    return made


def page(answer: Any) -> dict[str, str]:
    """The form's fields as a browser would send them."""
    soup = BeautifulSoup(answer.content, "html.parser")
    form = soup.select_one("form.desk-beside")
    assert form is not None
    fields = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    areas = {each["name"]: each.get_text().removeprefix("\n") for each in form.select("textarea")}
    return {str(name): str(text) for name, text in {**fields, **areas}.items()}


def rendering(story: Story) -> Story:
    found: Story = Story.objects.get(
        translation_key=story.translation_key, locale__language_code="ar"
    )
    return found


def test_a_translation_says_what_it_renders_and_readers_hear_of_what_came_since(
    desk: tuple[Client, Story],
) -> None:
    translator, story = desk
    address = f"/desk/translations/{story.pk}/ar/"
    fields = page(translator.get(address))
    assert fields["headline"] == fields["body-1"] == ""
    kept = {**fields, "headline": "عنوان", "body-1": "<script>x</script>واحد", "body-2": "اثنان"}
    assert translator.post(address, kept).status_code == 302

    made = rendering(story).get_latest_revision_as_object()
    assert (made.translated_from_id, made.translated_version) == (story.pk, 1)
    assert "script" not in made.body
    assert any("not translated" in found.message for found in checks.errors(made))
    fields = page(translator.get(address))
    assert (fields["body-1"], fields["body-2"], fields["body-3"]) == ("واحد", "اثنان", "")
    assert translator.post(address, {**fields, "body-3": "ثلاثة"}).status_code == 302
    made = rendering(story).get_latest_revision_as_object()
    assert not checks.errors(made)

    verbs.publish(rendering(story), revision=rendering(story).latest_revision)
    story = Story.objects.get(pk=story.pk)
    story.body = BODY.replace("Three", "Four")
    verbs.correct(story, "Four, not three.")
    # A later publication of the same old rendering does not make it a rendering of the correction.
    verbs.publish(rendering(story))
    texts = releases.readable(rendering(story).number or 0)
    behind = releases.overtaken(texts["ar"], texts)
    assert behind is not None
    assert (behind.version, behind.original.pk) == (2, story.pk)
    assert behind.translated_at == story.versions.get(number=1).at

    soup = BeautifulSoup(translator.get(address).content, "html.parser")
    changed = soup.select(".desk-segment.changed")
    assert [row.select("del")[0].get_text() for row in changed] == ["Three"]
    assert page(translator.get(address))["body-3"] == "ثلاثة"
    overview = translator.get(f"/desk/translations/{story.pk}/").content.decode()
    assert "the source was changed since" in overview
    assert "Translations to bring up to date" in translator.get("/desk/").content.decode()
    stranger = client("stranger", office("tirana")).get("/desk/").content.decode()
    assert "Translations to bring up to date" not in stranger


def test_notes_to_editors_are_translated_and_a_translations_own_are_left_alone(
    desk: tuple[Client, Story],
) -> None:
    translator, story = desk
    address = f"/desk/translations/{story.pk}/ar/"
    texts = {"headline": "عنوان", "body-1": "واحد", "body-2": "اثنان", "body-3": "ثلاثة"}
    translator.post(address, {**page(translator.get(address)), **texts})
    made = rendering(story).get_latest_revision_as_object()
    made.notes_to_editors = "<p>للصحافة</p>"
    made.save_revision()
    translator.post(address, page(translator.get(address)))
    made = rendering(story).get_latest_revision_as_object()
    assert made.notes_to_editors == "<p>للصحافة</p>"

    verbs.publish(made, revision=made.save_revision())
    story = Story.objects.get(pk=story.pk)
    story.notes_to_editors = "<p>The court has eleven judges.</p><p>It sits in Vienna.</p>"
    verbs.correct(story, "With notes.")
    opened = translator.get(address)
    assert "New in the source" in opened.content.decode()
    assert "<p>للصحافة</p>" in opened.content.decode()
    fields = page(opened)
    assert (fields["body-3"], fields["notes-1"]) == ("ثلاثة", "")
    translator.post(address, {**fields, "notes-1": "أحد عشر قاضيا"})
    made = rendering(story).get_latest_revision_as_object()
    assert made.notes_to_editors == "<p>أحد عشر قاضيا</p><p>[…]</p>"
    assert [found.field for found in checks.errors(made)] == ["notes_to_editors"]
    translator.post(address, {**page(translator.get(address)), "notes-2": "مقرها فيينا"})
    made = rendering(story).get_latest_revision_as_object()
    assert not checks.errors(made)

    story.notes_to_editors = ""
    verbs.correct(story, "Without notes.")
    translator.post(address, page(translator.get(address)))
    assert rendering(story).get_latest_revision_as_object().notes_to_editors == ""


def test_nobodys_work_is_overwritten_without_a_word(desk: tuple[Client, Story]) -> None:
    translator, story = desk
    address = f"/desk/translations/{story.pk}/ar/"
    opened = page(translator.get(address))
    assert translator.post(address, {**opened, "headline": "الأول"}).status_code == 302
    refused = translator.post(address, {**opened, "headline": "الثاني"})
    assert refused.status_code == 409
    assert page(refused)["headline"] == "الثاني"
    assert "الأول" in refused.content.decode()
    assert rendering(story).headline == "الأول"


def test_a_withdrawn_source_is_not_translated(desk: tuple[Client, Story]) -> None:
    translator, story = desk
    address = f"/desk/translations/{story.pk}/ar/"
    opened = page(translator.get(address))
    verbs.retract(story, "It was wrong.")
    refused = translator.post(address, {**opened, "headline": "عنوان"})
    assert (refused.status_code, page(refused)["headline"]) == (409, "عنوان")
    assert translator.post(address, {"file": SimpleUploadedFile("x.po", b"")}).status_code == 422
    main = BeautifulSoup(translator.get(address).content, "html.parser").select("main")[0]
    assert "withdrawn" in main.get_text()
    assert "not public yet" not in main.get_text()
    assert not main.select("textarea, button, details")
    assert not Story.objects.filter(locale__language_code="ar").exists()


def test_other_offices_and_other_languages_are_not_there(desk: tuple[Client, Story]) -> None:
    translator, story = desk
    stranger = client("stranger", office("tirana"))
    for address in (f"/desk/translations/{story.pk}/", f"/desk/translations/{story.pk}/ar/"):
        assert stranger.get(address).status_code == 404
    assert translator.get(f"/desk/translations/{story.pk}/xx/").status_code == 404
    assert translator.get(f"/desk/translations/{story.pk}/en/").status_code == 404


@settings(max_examples=30, deadline=None)
@given(bodies, st.dictionaries(st.integers(1, 4), st.text("aé <&", max_size=8), max_size=3))
def test_what_is_said_of_files_renumbers_nothing_and_is_found_by_its_file(
    body: str, said: dict[int, str]
) -> None:
    rows = [{"picture": key, "alt": text, "caption": text} for key, text in said.items()]
    files = captions.read({"pictures": rows, "documents": []})
    text = segments.cut("H", "S", body, "")
    assert segments.targets([*text, *files], text) == segments.targets(text, text)
    found = segments.earlier([*text, *reversed(files)], [*text, *files])
    assert {key: one.key for key, one in found.items()} == {
        one.key: one.key for one in [*text, *files]
    }


@pytest.fixture
def illustrated(desk: tuple[Client, Story]) -> tuple[Client, Story]:
    """The story with a picture said in its own words, one said in the library's, and a document."""
    translator, story = desk
    for name, alt, decorative in (
        ("Own", "A court", False),
        ("Its", "", False),
        ("Line", "", True),
    ):
        picture = Picture.objects.create(
            title=name, description="A hall", file="x.png", width=4, height=4
        )
        row = StoryPicture(picture=picture, alternative_text=alt, decorative=decorative)
        row.caption = {"Own": "The judges", "Its": "Ursula Maier", "Line": ""}[name]
        story.pictures.add(row)
    story.documents.add(StoryDocument(document=Document.objects.create(title="Report", file="x")))
    verbs.correct(story, "With pictures.", revision=story.save_revision())
    return translator, Story.objects.get(pk=story.pk)


def files_of(fields: dict[str, str]) -> dict[str, str]:
    """The boxes about files by what they are about: Own-alt and so on."""
    titles = {f"picture-{one.pk}": one.title for one in Picture.objects.all()}
    parts = [
        (key.rpartition("-"), text) for key, text in fields.items() if key[:4] in ("pict", "docu")
    ]
    return {f"{titles.get(file, 'Report')}-{name}": text for (file, _, name), text in parts}


def keys_of(fields: dict[str, str], texts: dict[str, str]) -> dict[str, str]:
    names = dict(
        zip(files_of(fields), [key for key in fields if key[:4] in ("pict", "docu")], strict=True)
    )
    return {names[name]: text for name, text in texts.items()}


def test_what_is_said_of_pictures_and_documents_is_translated_too(
    illustrated: tuple[Client, Story],
) -> None:
    translator, story = illustrated
    address = f"/desk/translations/{story.pk}/ar/"
    opened = translator.get(address)
    assert "Pictures and documents" in opened.content.decode()
    shown = BeautifulSoup(opened.content, "html.parser").select(".source img")
    assert len(shown) == 2, "each picture once, to be seen while it is put into words"
    fields = page(opened)
    names = ["Own-alt", "Own-caption", "Its-alt", "Its-caption", "Report-title"]
    assert files_of(fields) == dict.fromkeys(names, "")
    text = {"headline": "عنوان", "body-1": "واحد", "body-2": "اثنان", "body-3": "ثلاثة"}
    translator.post(address, {**fields, **text})
    made = rendering(story).get_latest_revision_as_object()
    assert {found.field for found in checks.errors(made)} == {"pictures", "documents"}
    fields = page(translator.get(address))
    assert files_of(fields) == dict.fromkeys(names, "")
    too_long = translator.post(address, {**fields, **keys_of(fields, {"Own-caption": "أ" * 501})})
    assert (too_long.status_code, "500" in too_long.content.decode()) == (409, True)

    arabic = {"Own-alt": "محكمة", "Own-caption": "القضاة", "Its-alt": "قاعة"}
    arabic |= {"Its-caption": "Ursula Maier", "Report-title": "تقرير"}
    translator.post(address, {**fields, **keys_of(fields, arabic)})
    made = rendering(story).get_latest_revision_as_object()
    assert [(row.alt, row.caption) for row in made.pictures.all()] == [
        ("محكمة", "القضاة"),
        ("قاعة", "Ursula Maier"),
        ("", ""),
    ]
    assert str(made.documents.get()) == "تقرير"
    assert not checks.errors(made)
    same = [found.message for found in checks.findings(made) if found.field == "pictures"]
    assert ["Its" in message for message in same] == [True], "a name: a second look, no refusal"
    assert files_of(page(translator.get(address))) == arabic
    theirs = Story.objects.get(pk=story.pk).pictures.first()
    assert theirs.alternative_text == "A court", "the source's rows are its own"


def test_copied_alternative_texts_hold_a_translation_back(
    illustrated: tuple[Client, Story],
) -> None:
    _translator, story = illustrated
    copy = story.copy_for_translation(Locale.objects.get(language_code="fr"))
    copy.headline, copy.body, copy.translated_from = "Titre", "<p>Texte</p>", story
    copy.save()
    errors, warnings = (
        [
            f.message
            for f in checks.findings(copy)
            if f.level == level and f.field in ("pictures", "documents")
        ]
        for level in ("error", "warning")
    )
    assert [("Own" in one, "Its" in one) for one in errors] == [(True, False), (False, True)]
    assert len(warnings) == 3, "two captions and a title"


def test_pictures_that_only_one_text_has_are_let_be(illustrated: tuple[Client, Story]) -> None:
    translator, story = illustrated
    address = f"/desk/translations/{story.pk}/ar/"
    translator.post(address, {**page(translator.get(address)), "headline": "عنوان"})
    made = rendering(story).get_latest_revision_as_object()
    _own, its, line = made.pictures.all()
    other = Picture.objects.create(title="Other", file="y.png", width=4, height=4)
    its.decorative, its.alternative_text = True, ""
    mine = StoryPicture(picture=other, alternative_text="صورة", caption="لنا")
    made.pictures.set([mine, its, line])
    made.save_revision()
    fields = page(translator.get(address))
    assert list(files_of(fields)) == ["Its-caption", "Report-title"]
    translator.post(address, {**fields, **keys_of(fields, {"Its-caption": "أورسولا"})})
    made = rendering(story).get_latest_revision_as_object()
    assert {row.picture_id: (row.alt, row.caption) for row in made.pictures.all()} == {
        other.pk: ("صورة", "لنا"),
        its.picture_id: ("", "أورسولا"),
        line.picture_id: ("", ""),
    }


def test_a_changed_caption_is_marked_and_an_open_page_is_told(
    illustrated: tuple[Client, Story],
) -> None:
    translator, story = illustrated
    address = f"/desk/translations/{story.pk}/ar/"
    fields = page(translator.get(address))
    translator.post(
        address, {**fields, "headline": "عنوان", **keys_of(fields, {"Own-caption": "القضاة"})}
    )
    opened = page(translator.get(address))
    row = story.pictures.first()
    row.caption = "The eleven judges"
    story.pictures.add(row)
    verbs.correct(story, "Eleven.", revision=story.save_revision())
    assert translator.post(address, opened).status_code == 409
    changed = BeautifulSoup(translator.get(address).content, "html.parser").select(".changed ins")
    assert [each.get_text().strip() for each in changed] == ["eleven"]


def test_a_draft_is_copied_with_the_pictures_it_has_now(illustrated: tuple[Client, Story]) -> None:
    translator, story = illustrated
    verbs.unpublish(story)
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    draft.pictures.set([draft.pictures.all()[1]])
    draft.save_revision()
    address = f"/desk/translations/{story.pk}/ar/"
    fields = page(translator.get(address))
    assert list(files_of(fields)) == ["Its-alt", "Its-caption", "Report-title"]
    translator.post(
        address, {**fields, "headline": "عنوان", **keys_of(fields, {"Its-alt": "قاعة"})}
    )
    made = rendering(story).get_latest_revision_as_object()
    assert [row.alt for row in made.pictures.all()] == ["قاعة"]
    assert Story.objects.get(pk=story.pk).pictures.count() == 3


def losses(source: dict[str, str], targets: dict[str, str]) -> list[str]:
    made = [Row(Segment(key, "p", text), key, "", (), False, "") for key, text in source.items()]
    return list(markup.losses(made, targets))


@settings(max_examples=60, deadline=None)
@given(inline, inline)
def test_a_link_is_missed_whatever_else_a_rendering_says(source: str, target: str) -> None:
    lost = losses({"body-1": source}, {"body-1": target})
    assert bool(lost) == ("<a" in source and "<a" not in target)


LINKED = 'See <a href="https://a.example/en">it</a> and <a data-document="3">the report</a>.'


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", []),
        ("Voir.", ["link"]),
        ('Voir <a href="https://a.example/fr">ceci</a> et <a data-document="9">lui</a>.', []),
        ('<a data-document="3">Ceci</a> et <a data-document="3">lui</a>.', ["link"]),
        ('<a href="https://a.example/en"></a><a data-document="3">Lui</a>.', ["link"]),
        ('<a href="javascript:x">Ceci</a> et <a data-document="3">lui</a>.', ["link"]),
        (LINKED.replace("</a>.", "."), ["tag"]),
        (LINKED.replace("See", "5 < 6"), []),
    ],
)
def test_what_a_rendering_lost_is_told(target: str, said: list[str]) -> None:
    found = losses({"body-1": LINKED, "headline": "A <b"}, {"body-1": target, "headline": "x <b"})
    assert [one for line in found for one in ("link", "tag") if one in line] == said


def test_links_are_there_to_be_copied_and_missed_when_they_are_not(
    desk: tuple[Client, Story],
) -> None:
    translator, story = desk
    address = f"/desk/translations/{story.pk}/ar/"
    opened = translator.get(address)
    codes = BeautifulSoup(opened.content, "html.parser").select("code")
    assert [each.get_text() for each in codes] == ['One <a href="https://a.example/">link</a>.']
    fields = {**page(opened), "headline": "عنوان", "body-1": "واحد", "body-2": "<b>اثنان"}
    said = translator.post(address, fields, follow=True).content.decode()
    assert "Passage 2: a link of the source is missing." in said
    assert "Passage 3: a tag is not closed, or was not opened." in said
    assert "واحد" in rendering(story).get_latest_revision_as_object().body, "told, not refused"
    fields = {
        **page(translator.get(address)),
        "body-1": codes[0].get_text().replace("link", "واحد"),
    }
    said = translator.post(address, fields, follow=True).content.decode()
    assert "missing" not in said
