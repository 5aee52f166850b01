"""Pictures: Wagtail's model with the fields a newsroom owes its readers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, UnidentifiedImageError
from wagtail.images.models import AbstractImage, AbstractRendition


class Picture(AbstractImage):
    """A picture of the library. `description` is its alternative text."""

    credit = models.CharField(_("credit"), max_length=255, blank=True)
    licence = models.CharField(_("licence"), max_length=255, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "licence",
        "collection",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_picture", "Can choose picture")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A newly given file loses the place it was taken at before it is stored anywhere."""
        _strip(self)
        super().save(*args, **kwargs)


def _strip(picture: Any) -> None:
    if not picture.file or picture.file._committed:
        return
    picture.file.open()
    if stripped := without_place(picture.file.read()):
        picture.file = ContentFile(stripped, name=picture.file.name)
        picture._set_image_file_metadata()
    else:
        picture.file.seek(0)


def without_place(data: bytes) -> bytes | None:
    """A picture's file without GPS position in Exif (IFD 8825) or XMP; None if it tells none.

    The original is offered for download, and renditions inherit its Exif: a source's home must
    not be in either. Everything else in Exif stays, the orientation above all.
    """
    try:
        image = Image.open(BytesIO(data))
        exif = image.getexif()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        return None  # the form says what is wrong with it
    if ExifTags.IFD.GPSInfo not in exif and b"GPSL" not in _xmp(image):
        return None
    exif.pop(ExifTags.IFD.GPSInfo, None)
    kept: dict[str, Any] = {"exif": exif, "icc_profile": image.info.get("icc_profile")}
    if image.format == "JPEG":
        kept["quality"] = "keep"
    image.info.pop("xmp", None)
    written = BytesIO()
    image.save(written, image.format, **kept)
    return written.getvalue()


def _xmp(image: Image.Image) -> bytes:
    found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return found.encode() if isinstance(found, str) else bytes(found)


class Rendition(AbstractRendition):
    """One size of a picture, made when first asked for."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
