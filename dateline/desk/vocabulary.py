"""The vocabularies at the desk: offices, topics, content types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, ProtectedError, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button

from dateline.desk import terms
from dateline.desk.over_time import views as over_time
from dateline.desk.terms import TermField
from dateline.lib import slugs
from dateline.vocabularies import snapshot
from dateline.vocabularies.models import Genre, Office, Topic


class TermForm(WagtailAdminModelForm):
    """One name a language for today, and a slug that never changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        slug.required = False
        slug.disabled = self.instance.pk is not None
        slug.widget = forms.TextInput()
        slug.help_text = (
            gettext("Stands in addresses. “Over time”, “Rename” can change it.")
            if slug.disabled
            else gettext("Stands in addresses, for good. Empty: made from the English name.")
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        names = self._todays_names()
        if not names and self.formsets["names"].is_valid():
            self.add_error(None, ValidationError(gettext("A name of today is needed.")))
        elif names and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self._free_slug(names.get("en") or next(iter(names.values())))
        return cleaned

    def _todays_names(self) -> dict[str, str]:
        """Language → name, of the rows that will remain and are not former names."""
        names: dict[str, str] = {}
        rows = self.formsets["names"]
        rows.is_valid()
        for row in rows.forms:
            data = getattr(row, "cleaned_data", None)
            if not data or data.get("DELETE") or data.get("valid_until"):
                continue
            language, name = data.get("language"), data.get("name")
            if language in names:
                row.add_error(
                    "name",
                    gettext(
                        "There is another name in this language: say until when one was valid."
                    ),
                )
            elif language and name:
                names[language] = name
        return names

    def _free_slug(self, name: str) -> str:
        model = type(self.instance)
        wanted = slug = slugs.slug(name, 110)
        number, taken = 2, snapshot.current().by_slug[model.facet]
        while slug in taken:
            slug, number = f"{wanted}-{number}", number + 1
        return slug


class OfficeForm(TermForm):
    parent = TermField(Office, label=_("Part of"), empty_label="—")


class TopicForm(TermForm):
    parent = TermField(Topic, label=_("Part of"), empty_label="—")


def _names() -> InlinePanel:
    return InlinePanel(
        "names",
        [
            FieldRowPanel([FieldPanel("language"), FieldPanel("name")]),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
        ],
        heading=_("Names"),
        label=_("Name"),
        help_text=_(
            "Today's name in each language, and former ones: stories are found by them too."
        ),
        min_num=1,
    )


def _abouts() -> InlinePanel:
    return InlinePanel(
        "abouts",
        [FieldPanel("language"), FieldPanel("text")],
        heading=_("What it is"),
        label=_("Text in one language"),
    )


class TermIndexView(IndexView):
    """All terms of a vocabulary, as readers name them, with how many stories use each."""

    is_searchable = True
    default_ordering = "slug"

    @cached_property
    def columns(self) -> list[Column]:
        names = terms.labels(self.model.facet)
        columns = [
            self._title_column(names),
            Column("slug", label=gettext("Slug"), sort_key="slug"),
            NumberColumn("uses", label=gettext("Stories"), sort_key="uses"),
        ]
        if hasattr(self.model, "parent"):
            part_of = Column(
                "parent", label=gettext("Part of"), accessor=lambda term: names.get(term.parent_id)
            )
            columns.insert(2, part_of)
        if hasattr(self.model, "closed"):
            closed = Column(
                "closed",
                label=gettext("Closed"),
                accessor=lambda term: gettext("closed") if term.closed else "",
                sort_key="closed",
            )
            columns.append(closed)
        return columns

    def _title_column(self, names: dict[int, str]) -> Column:
        return TitleColumn(
            "name",
            label=gettext("Name"),
            accessor=lambda term: names.get(term.pk, term.slug),
            get_url=self.get_edit_url,
        )

    def get_base_queryset(self) -> QuerySet[Any]:
        terms: QuerySet[Any] = self.model.objects.annotate(uses=Count("stories", distinct=True))
        return terms.filter(merged_into=None) if hasattr(self.model, "merged_into") else terms

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        named = self.model.names.rel.related_model.objects.filter(name__icontains=self.search_query)
        return queryset.filter(pk__in=named.values("term"))


class TermEditView(EditView):
    """A term's own page; what happens to it in time has pages of its own."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        more = over_time.buttons(self.object) if hasattr(self.object, "merged_into") else []
        return [*super().header_more_buttons, *more]


class TermDeleteView(DeleteView):
    """A term in use stays: stories would lose what they are filed under without a trace."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if reason := _in_use(self.object):
            messages.error(request, reason)
            return redirect(self.edit_url_name, self.object.pk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, gettext("This term came into use meanwhile."))
            return redirect(self.edit_url_name, self.object.pk)
        return response


def _in_use(term: Any) -> str:
    """Why a term cannot be deleted, or "" where nothing uses it."""
    if stories := term.stories.count():
        return ngettext(
            "%(term)s is in use by %(count)d story. Close it, or file the story elsewhere first.",
            "%(term)s is in use by %(count)d stories. Close it, or file them elsewhere first.",
            stories,
        ) % {"term": term, "count": stories}
    if hasattr(term, "children") and term.children.exists():
        return gettext("%(term)s has others below it. Move those first.") % {"term": term}
    return ""


class TermViewSet(ModelViewSet):
    """What the three vocabularies share."""

    index_view_class = TermIndexView
    edit_view_class = TermEditView
    delete_view_class = TermDeleteView
    copy_view_enabled = False
    list_per_page = 100
    add_to_admin_menu = False


class OfficeViewSet(TermViewSet):
    model = Office
    icon = "home"
    edit_handler = ObjectList(
        [
            _names(),
            FieldPanel("slug"),
            FieldPanel("parent"),
            FieldPanel("place"),
            FieldPanel("opened_on"),
            _abouts(),
        ],
        base_form_class=OfficeForm,
    )


class TopicViewSet(TermViewSet):
    model = Topic
    icon = "tag"
    edit_handler = ObjectList(
        [
            _names(),
            FieldPanel("slug"),
            FieldPanel("parent"),
            FieldPanel("opened_on"),
            _abouts(),
        ],
        base_form_class=TopicForm,
    )


class GenreViewSet(TermViewSet):
    model = Genre
    icon = "doc-empty"
    edit_handler = ObjectList([_names(), FieldPanel("slug")], base_form_class=TermForm)


class VocabularyGroup(ModelViewSetGroup):
    """One entry of the menu for all three."""

    items = (OfficeViewSet, TopicViewSet, GenreViewSet)
    menu_label = _("Vocabularies")
    menu_icon = "list-ul"
    menu_order = 400
