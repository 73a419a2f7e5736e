"""Forms of the shared contacts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from admin_platform.forms import LinesField
from admin_platform.widgets import Chips
from orgs.contact_errors import ContactRefused
from orgs.models import Contact, ContactGroup
from orgs.models.contact import (
    ADDRESS_MAX_LENGTH,
    DEFAULT_POSITION,
    MAX_ADDRESSES,
    MAX_POSITION,
    NAME_MAX_LENGTH,
    NOTE_MAX_LENGTH,
)
from orgs.services.contacts import ContactText
from orgs.validators import tidy, validate_phone


class TidyField(forms.CharField):
    """One line without stray blanks or invisible characters."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class AddressField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(max_length=ADDRESS_MAX_LENGTH, validators=[validate_email])


class PhoneField(TidyField):
    def __init__(self, label: Any) -> None:
        widget = forms.TextInput(attrs={"class": "w-md", "inputmode": "tel"})
        super().__init__(
            label=label,
            max_length=32,
            required=False,
            validators=[validate_phone],
            widget=widget,
        )


class GroupField(forms.ModelChoiceField[ContactGroup]):
    def __init__(self) -> None:
        super().__init__(
            ContactGroup.objects.none(),
            label=_("Group"),
            required=False,
            empty_label=_("In no group"),
            error_messages={"invalid_choice": _("This group is gone. Choose another one.")},
        )


class PositionField(forms.IntegerField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Order"),
            min_value=0,
            max_value=MAX_POSITION,
            initial=DEFAULT_POSITION,
            help_text=_("Contacts with smaller numbers come first."),
            widget=forms.NumberInput(attrs={"class": "w-sm"}),
        )


class GroupForm(forms.Form):
    name = TidyField(label=_("Group name"), max_length=NAME_MAX_LENGTH)

    def refuse(self, refusal: ContactRefused) -> None:
        self.add_error(refusal.field, str(refusal))


class PositionForm(forms.Form):
    position = PositionField()


class MoveForm(forms.Form):
    group = GroupField()

    def __init__(self, data: QueryDict | None, *, groups: QuerySet[ContactGroup]) -> None:
        super().__init__(data)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    name = TidyField(label=_("Full name"), max_length=NAME_MAX_LENGTH)
    addresses = LinesField(
        label=_("E-mail addresses"),
        each=AddressField(),
        max_items=MAX_ADDRESSES,
        required=False,
        help_text=_("The first one is the main one; up to 5."),
        widget=Chips(),
    )
    mobile = PhoneField(_("Mobile"))
    phone = PhoneField(_("Phone"))
    company = TidyField(label=_("Company"), max_length=128, required=False)
    title = TidyField(label=_("Position"), max_length=64, required=False)
    group = GroupField()
    position = PositionField()
    note = TidyField(
        label=_("Remark"),
        max_length=NOTE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        groups: QuerySet[ContactGroup],
        contact: Contact | None = None,
        group: ContactGroup | None = None,
    ) -> None:
        """contact: whose entries are shown first; group: of a new one."""
        shown = {name: getattr(contact, name) for name in self.base_fields} if contact else {}
        super().__init__(data, initial={"group": group} | shown)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    @property
    def text(self) -> ContactText:
        values = {name: value for name, value in self.cleaned_data.items() if name != "group"}
        return ContactText(**values)
