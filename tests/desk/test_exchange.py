"""Translations through translators' own tools: what leaves comes back, and nothing is lost."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from build import draft, published
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some
from translate.storage import factory

from dateline.desk.translations import exchange
from dateline.desk.translations.exchange import Sheet, Unit, UnreadableFile, po, xliff
from dateline.desk.translations.segments import Segment
from dateline.publishing import verbs
from dateline.stories.models import Picture, Story, StoryPicture

BODY = (
    "<p>The court <strong>opened</strong> on Friday.</p>"
    "<p>See <a href='https://example.org/?a=1&amp;b=2'>its site</a>.</p>"
)
FORMS = {"xlf": xliff, "po": po}

words = some.text(
    some.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=30
).map(lambda text: " ".join(text.split()))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@some.composite
def rich(draw: Any) -> str:
    """Words with inline tags, as segments hold them."""
    text = escaped(draw(words))
    for _ in range(draw(some.integers(0, 2))):
        tag = draw(some.sampled_from(["strong", "em", "br"]))
        more = escaped(draw(words))
        text += "<br>" if tag == "br" else f"<{tag}>{more}</{tag}>"
        text += escaped(draw(words))
    return str(text)


sheets = some.builds(
    Sheet,
    number=some.just("12"),
    version=some.integers(1, 9) | some.none(),
    source_language=some.just("en"),
    target_language=some.sampled_from(["fr", "ar", "pt-BR", "en", "tlh"]),
    units=some.lists(some.builds(Unit, some.just(""), rich(), rich()), max_size=4).map(
        lambda units: tuple(
            Unit(f"body-{at}", unit.source or "x", unit.target) for at, unit in enumerate(units)
        )
    ),
)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@given(sheets)
def test_what_is_written_is_read_again(form: Any, sheet: Sheet) -> None:
    back = form.read(form.write(sheet))
    assert [(unit.key, unit.source, unit.target) for unit in back.units] == [
        (unit.key, unit.source, unit.target) for unit in sheet.units
    ]
    assert (back.target_language, back.version) == (sheet.target_language, sheet.version)


@given(sheets)
def test_others_tools_read_both_alike(sheet: Sheet) -> None:
    """The Translate Toolkit's XLIFF and PO, which Weblate, Pootle and Virtaal are built on."""
    stores = []
    for ending, form in FORMS.items():
        file = BytesIO(form.write(sheet))
        file.name = f"x.{ending}"
        store = factory.getobject(file)
        stores.append([unit for unit in store.units if unit.source and not unit.isheader()])
    assert [len(store) for store in stores] == [len(sheet.units)] * 2
    for unit, in_po in zip(sheet.units, stores[1], strict=True):
        assert (in_po.source, in_po.target) == (unit.source, unit.target)
        assert in_po.getcontext() == unit.key


@pytest.mark.parametrize(
    ("form", "data", "reason"),
    [
        (xliff, b"not xml", "not XML"),
        (xliff, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "not XML"),
        (xliff, b"<html/>", "begins with html"),
        (xliff, b"<xliff version='2.0' xmlns='urn:oasis:names:tc:xliff:document:2.0'/>", "1.2"),
        (po, b'msgid "a\n', "not PO"),
        (po, b"\xff\xfe", "not PO"),
    ],
)
def test_what_cannot_be_read_says_why(form: Any, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        form.read(data)


def test_what_does_not_fit_is_handed_back() -> None:
    here = [Segment("headline", "headline", "A < B"), Segment("body-1", "p", "It <b>opened</b>.")]
    sheet = Sheet(
        "1",
        1,
        "en",
        "fr",
        (
            Unit("headline", "A &lt; B", "A &lt; Б"),
            Unit("body-1", "It <b>opened</b>.", "Ouverte <b>hier."),
            Unit("body-1", "It <b>closed</b>.", "Fermée"),
            Unit("body-9", "Gone", "Partie"),
            Unit("body-1", "It <b>opened</b>.", " "),
        ),
    )
    taken, refused = exchange.match(sheet, here, "fr")
    assert taken == {"headline": "A < Б"}
    assert [each.unit.target for each in refused] == ["Ouverte <b>hier.", "Fermée", "Partie"]
    with pytest.raises(UnreadableFile, match="another language"):
        exchange.match(sheet, here, "de")


@pytest.fixture
def source(db: None) -> Story:
    notes = "<p>It sits in Vienna.</p>"
    made = published("Court & clerk", summary="The lead.", body=BODY, notes_to_editors=notes)
    picture = Picture.objects.create(title="Hall", file="x.png", width=4, height=4)
    made.pictures.add(StoryPicture(picture=picture, alternative_text="A < B & <c>"))
    verbs.correct(made, "A picture.", revision=made.save_revision())
    return Story.objects.get(pk=made.pk)


@pytest.mark.parametrize("ending", FORMS)
def test_a_translation_goes_out_and_comes_back(desk: Client, source: Story, ending: str) -> None:
    page = f"/desk/translations/{source.pk}/fr/"
    answer = desk.get(f"{page}file.{ending}")
    assert f'filename="{source.number}-fr.{ending}"' in answer["Content-Disposition"]
    sheet = FORMS[ending].read(answer.content)
    assert sheet.version == 2
    alt = f"picture-{Picture.objects.get().pk}-alt"
    keys = ["headline", "summary", "body-1", "body-2", "notes-1", alt]
    assert [unit.key for unit in sheet.units] == keys
    body = ("La cour a <strong>ouvert</strong>.", "Son site.")
    french = (
        "Cour &amp; greffe",
        "Perdu",
        *body,
        "Elle siège à <em>Vienne</em>.",
        "Une &lt;c&gt;",
    )
    units = tuple(
        Unit(unit.key, unit.source, text)
        for unit, text in zip(sheet.units, french, strict=True)
        if text != "Perdu"
    )
    stray = Unit("body-7", "Elsewhere", "Ailleurs")
    back = FORMS[ending].write(Sheet("1", 1, "en", "fr", (*units, stray)))
    upload = SimpleUploadedFile(f"back.{ending}", back)
    shown = desk.post(page, {"file": upload}).content.decode()
    assert "5 passages were taken from the file" in shown
    assert "Passage 4: a link of the source is missing." in shown
    assert "Ailleurs" in shown
    assert "no such passage" in shown

    class Shown:
        def get(self, address: str) -> Any:
            return type("Answer", (), {"content": shown.partition('class="desk-beside"')[2]})

    assert not Story.objects.filter(locale__language_code="fr").exists(), "read first, then saved"
    form = filled_from(shown)
    assert form["headline"] == "Cour & greffe"
    desk.post(page, form)
    kept = Story.objects.get(locale__language_code="fr").get_latest_revision_as_object()
    assert (kept.headline, kept.translated_version) == ("Cour & greffe", 2)
    assert "La cour a <strong>ouvert</strong>." in kept.body
    assert kept.notes_to_editors == "<p>Elle siège à <em>Vienne</em>.</p>"
    assert kept.pictures.get().alt == "Une <c>"


def filled_from(page: str) -> dict[str, str]:
    """The fields of the page's form as a browser would send them."""
    form = BeautifulSoup(page, "html.parser").select_one("form.desk-beside")
    assert form is not None
    fields = {str(box["name"]): box.text.removeprefix("\n") for box in form.select("textarea")}
    return fields | {str(box["name"]): str(box["value"]) for box in form.select("input")}


def test_what_changed_in_the_source_is_to_be_looked_at_again(desk: Client, source: Story) -> None:
    page = f"/desk/translations/{source.pk}/fr/"
    form = filled_from(desk.get(page).content.decode())
    texts = {"headline": "Cour", "summary": "Chapeau", "body-1": "Ouverte.", "body-2": "Site."}
    desk.post(page, form | texts)
    source.refresh_from_db()
    source.body = source.body.replace("Friday", "Monday")
    verbs.correct(source, "The day.", revision=source.save_revision())
    for ending, form_ in FORMS.items():
        content = desk.get(f"{page}file.{ending}").content.decode()
        assert form_.read(content.encode()).version == 3
        assert "Ouverte." in content
        assert ("needs-review-translation" if ending == "xlf" else "#, fuzzy") in content


def test_a_file_of_something_else_changes_nothing(desk: Client) -> None:
    story = draft("Court", body=BODY)
    page = f"/desk/translations/{story.pk}/fr/"
    for name in ("x.docx", "x.po"):
        answer = desk.post(page, {"file": SimpleUploadedFile(name, b'msgid "')})
        assert answer.status_code == 422
        shown = BeautifulSoup(answer.content, "html.parser")
        assert ". Nothing was taken from it." in shown.get_text()
        assert shown.select("details.desk-exchange[open]")
    assert desk.get(f"{page}file.doc").status_code == 404
