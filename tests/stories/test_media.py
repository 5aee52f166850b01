"""Where a picture was taken is told by neither its original nor its renditions."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from dateline.stories.media import Picture, without_place

GPS = 0x8825
ORIENTATION = 0x0112


def photograph(form: str, *, place: bool) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    if place:
        exif.get_ifd(GPS).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 0.0)})
        exif[GPS] = exif.get_ifd(GPS)
    written = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(written, form, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_place_goes_and_the_orientation_stays(form: str) -> None:
    given = photograph(form, place=True)
    assert Image.open(BytesIO(given)).getexif().get_ifd(GPS)
    stripped = without_place(given)
    assert stripped
    image = Image.open(BytesIO(stripped))
    assert not image.getexif().get_ifd(GPS)
    assert image.getexif()[ORIENTATION] == 6
    assert (image.format, image.size) == (form, (60, 40))


def test_a_file_without_place_is_left_as_it_is() -> None:
    assert without_place(photograph("JPEG", place=False)) is None
    assert without_place(b"not a picture") is None


@pytest.mark.django_db
def test_the_library_stores_no_place() -> None:
    picture = Picture(title="At home", file=ContentFile(photograph("JPEG", place=True), "a.jpg"))
    picture.save()
    for file in (picture.file, picture.get_rendition("width-30|format-webp").file):
        with file.open("rb") as stored:
            assert not Image.open(stored).getexif().get_ifd(GPS)
    assert (picture.width, picture.height) == (60, 40)
