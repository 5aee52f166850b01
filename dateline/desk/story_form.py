"""A story's form, laid out as a press officer thinks of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from dateline.desk import body, library
from dateline.desk.dateline import DatelineInput, composed
from dateline.desk.moments import MomentInput, on_the_newsrooms_clock, written
from dateline.desk.terms import TermField, TermsField
from dateline.lib import html
from dateline.people import rights
from dateline.people.rights import Action
from dateline.publishing import checks
from dateline.stories.models import Contact, Story
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Genre, Office, Topic


class HeadlineInput(AdminAutoHeightTextInput):
    """Several lines, which counts its characters as they are typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        said = _("{count} of {most} characters")
        own = {"class": "desk-headline", "data-most": checks.LONGEST_HEADLINE, "data-said": said}
        super().__init__(own | (attrs or {}))

    class Media:
        js = (Script("desk/story-form.js", type="module"),)


class NumbersField(forms.CharField):
    """Other stories by their numbers, "12, 15"; cleaned to a list of numbers."""

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return ", ".join(str(story.number) for story in value if story.number)

    def clean(self, value: Any) -> list[int]:
        words = super().clean(value).replace(",", " ").split()
        if bad := [word for word in words if not word.isdecimal() or len(word) > 9]:
            raise ValidationError(gettext("“%(word)s” is not a story's number.") % {"word": bad[0]})
        return [int(word) for word in words]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class StoryForm(WagtailAdminModelForm):
    """Cleans the body at the door and names the time zone beside its times."""

    genre = TermField(Genre, label=capfirst(Genre._meta.verbose_name), empty_label="—")
    offices = TermsField(Office, label=capfirst(Office._meta.verbose_name_plural))
    topics = TermsField(Topic, label=capfirst(Topic._meta.verbose_name_plural))
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.all(),
        required=False,
        label=capfirst(Contact._meta.verbose_name_plural),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "desk-terms"}),
    )
    related = NumbersField(
        required=False,
        label=_("Related stories"),
        help_text=_("Their numbers, which stand in their addresses: 1204, 1187."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dateline"].widget = DatelineInput(self._datelines())
        for name in ("headline", "summary", "dateline", "byline", "location", "translation_note"):
            self.fields[name].widget.attrs.update(dir="auto", lang=self.instance.language)
        mine = rights.offices(self.for_user, Action.WRITE)
        if mine is not None:
            self.fields["offices"].limit_to(mine | rights.standing(self.instance))
        # Whoever writes for one office writes for that one: nothing is saved without an office.
        if self.instance.pk is None and (seat := rights.seat(self.for_user, Action.WRITE)):
            self.initial["offices"] = [seat]
        zone = {"zone": settings.TIME_ZONE}
        self.fields["given_time"].help_text = (
            gettext("In the newsroom's time zone, %(zone)s. Leave empty for a date without a time.")
            % zone
        )
        for name in ("go_live_at", "expire_at"):
            if name in self.fields:  # Wagtail's dialog brings a box of its own
                self.fields[name].widget = MomentInput.instead_of(self.fields[name].widget)
        self.fields["embargoed_until"].help_text = gettext(
            "Until then a published story stays hidden."
        )
        # What was sent comes from the widget the browser has, whatever was saved meanwhile.
        sent = self.data.get(self.add_prefix("body")) if self.is_bound else None
        if body.is_editors(sent) if sent else body.survives(self.instance.body):
            self.initial["body"] = body.for_editor(self.instance.body)
            self.fields["body"].help_text = gettext(
                "A slash in an empty line inserts a picture, a table, a heading. A link to YouTube "
                "or Vimeo alone in its line becomes a player, loaded when a reader asks for it."
            )
        else:
            self._edit_as_html()

    def _datelines(self) -> list[str]:
        """For the story's offices first, then for those the person writes for."""
        mine = rights.offices(self.for_user, Action.WRITE) or frozenset()
        keys = [*sorted(rights.standing(self.instance)), *sorted(mine)]
        offices = snapshot.current().meant("office", keys)
        day = self.instance.given_date or timezone.localdate()
        return composed(offices, day, self.instance.language)

    def _edit_as_html(self) -> None:
        field = self.fields["body"]
        field.widget = AdminAutoHeightTextInput(attrs={"dir": "auto", "class": "desk-html"})
        field.help_text = gettext(
            "This text holds something the editor cannot show, a nested list for instance. "
            "It is edited as HTML."
        )

    def _refuse_what_is_others(self) -> None:
        """Keys are easily guessed: nothing of the library is used that the person may not see."""
        for name, part in (("pictures", "picture"), ("documents", "document")):
            rows = self.formsets[name]
            rows.is_valid()
            used = set(getattr(self.instance, name).values_list(part, flat=True))
            for row in rows.forms:
                item = getattr(row, "cleaned_data", {}).get(part)
                if item and item.pk not in used and not library.may_see(self.for_user, item):
                    row.add_error(part, gettext("There is no such item in your library."))

    def clean_headline(self) -> str:
        return " ".join(self.cleaned_data["headline"].split())

    def clean_offices(self) -> Any:
        """Somebody's own offices may come and go; those of others stay as they are."""
        chosen = self.cleaned_data["offices"]
        mine = rights.offices(self.for_user, Action.WRITE)
        if mine is None:
            return chosen
        keys = {office.pk for office in chosen}
        if foreign := (keys ^ rights.standing(self.instance)) - mine:
            names = ", ".join(str(office) for office in Office.objects.filter(pk__in=foreign))
            raise ValidationError(
                gettext("You may not file stories under this office, nor take them away: %(names)s")
                % {"names": names}
            )
        if not keys & mine:
            raise ValidationError(gettext("Choose at least one of your own offices."))
        return chosen

    def clean_body(self) -> str:
        return body.from_editor(self.cleaned_data["body"])

    def clean_notes_to_editors(self) -> str:
        return html.clean(self.cleaned_data["notes_to_editors"])

    def clean_related(self) -> list[Story]:
        """The texts with these numbers: in the story's own language where there is one."""
        numbers = self.cleaned_data["related"]
        texts = Story.objects.filter(number__in=numbers).exclude(pk=self.instance.pk)
        chosen: dict[int | None, Story] = {}
        for text in texts.order_by("locale_id"):
            if text.number not in chosen or text.locale_id == self.instance.locale_id:
                chosen[text.number] = text
        if missing := [str(number) for number in numbers if number not in chosen]:
            raise ValidationError(
                gettext("There is no other story with the number %(number)s.")
                % {"number": missing[0]}
            )
        return [chosen[number] for number in numbers]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        self._refuse_what_is_others()
        if cleaned.get("given_time") and not cleaned.get("given_date"):
            self.add_error("given_date", gettext("A publishing time needs its date."))
        elif cleaned.get("given_time"):
            local = datetime.combine(cleaned["given_date"], cleaned["given_time"])
            try:
                on_the_newsrooms_clock(local, first_of_two=True)
            except ValidationError as refusal:
                self.add_error("given_time", refusal)
        self._refuse_what_has_passed(cleaned.get("go_live_at"))
        return cleaned

    def _refuse_what_has_passed(self, at: datetime | None) -> None:
        """A time that was given while it was to come is left alone, however old it is now."""
        if at is None or at > timezone.now():
            return
        before = self.initial.get("go_live_at")
        if before is None or written(before) != written(at):
            said = gettext("This moment has passed: publish now, or choose a later one.")
            self.add_error("go_live_at", said)


TEXT = ObjectList(
    [
        # Several lines, since headlines are long; the form makes one line of them.
        FieldPanel(
            "headline",
            widget=HeadlineInput,
            help_text=_("Up to 120 characters: lists and search engines cut longer ones."),
        ),
        FieldPanel("summary"),
        FieldPanel("dateline"),
        FieldPanel("body"),
        FieldPanel("byline", help_text=_("Who wrote it, if readers should know.")),
        FieldPanel("notes_to_editors"),
        FieldPanel("boilerplate"),
        FieldPanel("translation_note"),
    ],
    heading=_("Text"),
)
FILED_UNDER = ObjectList(
    [
        FieldPanel("genre", help_text=_("What kind of text it is.")),
        FieldPanel("offices", help_text=_("Whose it is. It decides who sees and edits the draft.")),
        FieldPanel("topics", help_text=_("What it is about: as few as are true.")),
        FieldPanel("location", help_text=_("Where it happened: city, country.")),
    ],
    heading=_("Filed under"),
)
MEDIA = ObjectList(
    [
        InlinePanel(
            "pictures",
            [
                FieldPanel("picture"),
                FieldPanel("alternative_text"),
                FieldPanel("decorative"),
                FieldPanel("caption"),
            ],
            heading=_("Pictures"),
            label=_("Picture"),
        ),
        InlinePanel(
            "documents",
            [FieldPanel("document"), FieldPanel("title")],
            heading=_("Documents"),
            label=_("Document"),
        ),
    ],
    heading=_("Pictures and documents"),
)
PEOPLE = ObjectList(
    [FieldPanel("contacts"), FieldPanel("related")],
    heading=_("Contacts and related stories"),
)
DATES = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("given_date"), FieldPanel("given_time")]),
                FieldPanel("embargoed_until"),
            ],
            heading=_("Publishing date"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("number", read_only=True),
                FieldPanel("slug", read_only=True),
                FieldPanel("state", read_only=True),
                FieldPanel("published_on", read_only=True),
                FieldPanel("updated_at", read_only=True),
            ],
            heading=_("Given when it is published"),
        ),
        PublishingPanel(),
    ],
    heading=_("Dates"),
)
FORM = TabbedInterface([TEXT, FILED_UNDER, MEDIA, PEOPLE, DATES], base_form_class=StoryForm)
