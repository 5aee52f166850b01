"""Press contacts at the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet

from dateline.desk.terms import TermField
from dateline.stories.models import Contact
from dateline.vocabularies.models import Office


class ContactForm(WagtailAdminModelForm):
    office = TermField(Office, label=_("Office"), empty_label="—")


class ContactViewSet(ModelViewSet):
    """Whom a journalist calls."""

    model = Contact
    icon = "user"
    menu_label = _("Press contacts")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ("name", "role", "email", "phone")
    search_fields = ("name", "role", "email")
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("role"),
            FieldPanel("office"),
            FieldPanel("email"),
            FieldRowPanel([FieldPanel("phone"), FieldPanel("out_of_hours_phone")]),
        ],
        base_form_class=ContactForm,
    )
