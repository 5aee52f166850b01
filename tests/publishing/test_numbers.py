"""Numbers are shared by a release's texts and never given twice."""

import threading

import pytest
from build import draft, published
from django.db import connection, connections
from wagtail.models import Locale

from dateline.publishing import numbers, verbs
from dateline.publishing.models import Counter
from dateline.stories.models import Story

pytestmark = pytest.mark.django_db


def translation(story: Story, language: str) -> Story:
    copy = story.copy_for_translation(Locale.objects.get(language_code=language))
    copy.save()
    return copy


def test_numbers_rise_from_one() -> None:
    assert [published(f"Story {count}").number for count in range(1, 4)] == [1, 2, 3]


def test_a_number_is_not_given_again_after_a_deletion() -> None:
    published("First")
    verbs.delete(published("Second"))
    assert published("Third").number == 3


def test_a_refused_publication_uses_up_no_number() -> None:
    story = published("First")
    verbs.kill(story, "Wrong.")
    with pytest.raises(verbs.VerbError):
        verbs.publish(story)
    assert published("Second").number == 2


def test_the_texts_of_a_release_share_its_number_whichever_is_first() -> None:
    story = draft("Court opens")
    french, german = translation(story, "fr"), translation(story, "de")
    verbs.publish(french)
    verbs.publish(story)
    published("Another")
    verbs.publish(german)
    assert {text.number for text in story.get_translations(inclusive=True)} == {1}
    assert published("Yet another").number == 3


def test_a_release_keeps_its_number_when_the_first_text_is_gone() -> None:
    story = published("Court opens")
    french = translation(story, "fr")
    verbs.publish(french)
    verbs.delete(story)
    again = translation(Story.objects.get(pk=french.pk), "en")
    verbs.publish(again)
    assert {text.number for text in again.get_translations(inclusive=True)} == {1}


def test_drawing_many_at_once() -> None:
    assert numbers.draw(5) == range(1, 6)
    assert numbers.draw() == range(6, 7)
    assert Counter.objects.get().last_number == 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_first_publications_at_the_same_moment_draw_different_numbers() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has one writer at a time")
    single = [draft(f"Story {count}") for count in range(4)]
    release = [draft("Release")]
    release += [translation(release[0], language) for language in ("fr", "de", "es")]
    barrier = threading.Barrier(8)

    def publish(story: Story) -> None:
        barrier.wait()
        try:
            verbs.publish(Story.objects.get(pk=story.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[story]) for story in single + release]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [Story.objects.get(pk=story.pk).number for story in single + release]
    assert sorted(set(given)) == [1, 2, 3, 4, 5]
    assert len(set(given[4:])) == 1
