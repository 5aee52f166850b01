"""The pages for people: who they are, and their roles where Wagtail has groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import users

from dateline.desk.rights.memberships import office_field, refuse_somewhere
from dateline.people.models import Membership, Role


class PersonCreationForm(UserCreationForm):
    """A new person with their first role: without one they could see nothing."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices])
    office = office_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_groups(self)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_somewhere(self, cleaned)
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Any:
        person = super().save(commit)
        role, office = (self.cleaned_data[name] for name in ("role", "office"))
        Membership.objects.create(user=person, role=role, office=office)
        return person


class PersonEditForm(UserEditForm):
    """A person, whose roles are rows of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _without_groups(self)


def _without_groups(form: Any) -> None:
    """Groups follow from roles (`desk.groups`), and superusers are made where the server is."""
    for name in ("groups", "is_superuser"):
        form.fields.pop(name, None)


class PeopleView(users.IndexView):
    """The list of people, with their roles."""

    def get_base_queryset(self) -> QuerySet[Any]:
        people: QuerySet[Any] = super().get_base_queryset()
        return people.prefetch_related("memberships__office__names")

    @property
    def columns(self) -> list[Column]:
        roles = Column("roles", label=_("Roles"), accessor=_roles, width="25%")
        return [roles if each.name == "is_superuser" else each for each in super().columns]


def _roles(person: Any) -> str:
    held = [str(each) for each in person.memberships.all()]
    return ", ".join([str(Role.ADMINISTRATOR.label)] if person.is_superuser and not held else held)


class PersonViewSet(users.UserViewSet):
    """Wagtail's pages for people."""

    model = get_user_model()
    index_view_class = PeopleView

    def get_form_class(self, for_update: bool = False) -> Any:
        return PersonEditForm if for_update else PersonCreationForm
