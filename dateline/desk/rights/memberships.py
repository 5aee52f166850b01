"""Who has which role where: a page for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from dateline.desk.terms import TermField
from dateline.people.models import Membership, Role
from dateline.vocabularies.models import Office

_EVERYWHERE = pgettext_lazy("office", "everywhere")


class MembershipForm(WagtailAdminModelForm):
    """A person, a role, and an office or none."""

    office = TermField(
        Office,
        label=capfirst(Office._meta.verbose_name),
        empty_label=_EVERYWHERE,
        help_text=_("The role counts there and in all offices below it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("role") == Role.ADMINISTRATOR and cleaned.get("office"):
            self.add_error("office", gettext("Administrators keep the whole newsroom: everywhere."))
        same = Membership.objects.filter(
            user=cleaned.get("user"), role=cleaned.get("role"), office=cleaned.get("office")
        )
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("This person has this role there already."))
        return cleaned


class MembershipViewSet(ModelViewSet):
    """Memberships, listed by person."""

    model = Membership
    icon = "group"
    name = "membership"
    menu_label = _("Roles")
    menu_order = 601
    add_to_settings_menu = True
    inspect_view_enabled = False
    copy_view_enabled = False
    list_display = [
        Column("user", label=_("Person"), sort_key="user__username"),
        Column("role", label=_("Role"), accessor="get_role_display", sort_key="role"),
        Column("office", label=_("Office"), accessor=lambda row: row.office or _EVERYWHERE),
    ]
    list_filter = ["role"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email"]
    search_backend_name = None
    edit_handler = ObjectList(
        [FieldPanel("user"), FieldPanel("role"), FieldPanel("office")],
        base_form_class=MembershipForm,
    )
