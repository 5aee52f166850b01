"""Translating side by side: every passage in its place, nothing overwritten, nothing pretended."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import office, published
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.desk.translations import segments
from dateline.lib import html
from dateline.people.models import Membership, Role
from dateline.publishing import checks, releases, verbs
from dateline.stories.models import Story

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


@settings(max_examples=40, deadline=None)
@given(bodies)
def test_each_passage_stands_in_its_place_and_none_is_lost(body: str) -> None:
    source = segments.cut("H", "S", body)
    given_texts = {one.key: f"<b>{at}</b> t" for at, one in enumerate(source)}
    made = segments.cut("H", "S", segments.join(body, given_texts))
    assert [one.tag for one in made] == [one.tag for one in source]
    assert [one.text for one in made[2:]] == [given_texts[one.key] for one in source[2:]]
    assert html.text("".join(one.text for one in source[2:])).replace(" ", "").replace(
        "\n", ""
    ) == html.text(body).replace(" ", "").replace("\n", "")


@settings(max_examples=40, deadline=None)
@given(bodies)
def test_what_is_not_translated_is_marked_and_comes_back_empty(body: str) -> None:
    source = segments.cut("H", "S", body)
    untouched = {one.key: one.text for one in source}
    made = segments.join(body, untouched)
    assert segments.targets(source[2:], segments.cut("", "", made)[2:]) == {
        one.key: "" for one in source[2:]
    }


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
    assert translator.post(address, {**opened, "headline": "عنوان"}).status_code == 409
    assert not Story.objects.filter(locale__language_code="ar").exists()


def test_other_offices_and_other_languages_are_not_there(desk: tuple[Client, Story]) -> None:
    translator, story = desk
    stranger = client("stranger", office("tirana"))
    for address in (f"/desk/translations/{story.pk}/", f"/desk/translations/{story.pk}/ar/"):
        assert stranger.get(address).status_code == 404
    assert translator.get(f"/desk/translations/{story.pk}/xx/").status_code == 404
    assert translator.get(f"/desk/translations/{story.pk}/en/").status_code == 404
