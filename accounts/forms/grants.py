"""Forms of the grant pages (manual, 8.2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.errors import AccountRefused
from accounts.forms.pickers import AccountsField
from accounts.models import Role
from accounts.selectors.grants import GrantQuery, roles_to_give
from admin_platform.http import plain_ids
from admin_platform.operator import Operator
from orgs.models import Department

PAGE = "grants:grant-create"
LEVEL = "scope-"


class LevelsWidget(forms.Widget):
    """The tree is drawn by the page: a radio group for each level, named scope-<parent>."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[int]:
        levels = [key for key in data if key.startswith(LEVEL)]
        return plain_ids(value for key in levels for value in data.getlist(key))


class RoleField(forms.ModelChoiceField[Role]):
    def label_from_instance(self, obj: Role) -> str:
        return obj.label


class GrantForm(forms.Form):
    accounts = AccountsField(to=PAGE, label=_("Grant to"))
    role = RoleField(
        Role.objects.none(),
        label=_("Role"),
        empty_label=_("Choose a role"),
        widget=forms.Select(attrs={"class": "w-lg"}),
        error_messages={"required": _("Choose a role.")},
    )
    departments = forms.Field(
        label=_("Scope of the grant"),
        widget=LevelsWidget,
        error_messages={"required": _("Choose the department in which the role holds.")},
    )

    def __init__(
        self, data: QueryDict | None = None, *, shown: QueryDict, operator: Operator
    ) -> None:
        """shown: the page's address, with what was chosen so far where scripts do not run."""
        departments = LevelsWidget().value_from_datadict(shown, None, "")
        initial = {
            "accounts": plain_ids(shown.getlist("accounts")),
            "role": shown.get("role"),
            "departments": [] if "clear" in shown else departments,
        }
        super().__init__(data, initial=initial)
        accounts, role = self.fields["accounts"], self.fields["role"]
        accounts.stand(operator, query=shown.get("accounts-find", ""))  # type: ignore[attr-defined]
        giveable = [one.pk for one in roles_to_give(operator)]
        role.queryset = Role.objects.filter(pk__in=giveable).order_by("pk")  # type: ignore[attr-defined]
        self.in_scope = operator.scope(Department.objects.all())

    @property
    def chosen(self) -> list[int]:
        """The chosen departments that there are, for the tree to mark."""
        ids = self["departments"].value() or []
        return list(self.in_scope.filter(pk__in=ids).values_list("pk", flat=True))

    def refuse(self, refusal: AccountRefused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class GrantFilterForm(forms.Form):
    member = forms.CharField(
        label=_("Member"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Member")}),
    )
    role = RoleField(
        Role.objects.none(), label=_("Role"), empty_label=_("All roles"), required=False
    )
    giver = forms.CharField(
        label=_("Granted by"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Granted by")}),
    )
    department = forms.ModelChoiceField(
        Department.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: QueryDict, *, operator: Operator) -> None:
        super().__init__(data)
        roles, departments = self.fields["role"], self.fields["department"]
        roles.queryset = operator.scope(Role.objects.order_by("pk"))  # type: ignore[attr-defined]
        departments.queryset = operator.scope(Department.objects.all())  # type: ignore[attr-defined]

    @property
    def query(self) -> GrantQuery:
        """What was understood of the address; the rest is left out."""
        self.is_valid()
        return GrantQuery(**{k: v for k, v in self.cleaned_data.items() if v})
