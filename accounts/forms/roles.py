"""Forms of the role pages (manual, 8.1)."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.checks import clean_text
from accounts.errors import AccountRefused
from accounts.models import Role
from accounts.selectors.roles import FunctionChapter, function_chapters
from admin_platform import functions
from admin_platform.operator import Operator


class RoleForm(forms.Form):
    """Name, description and functions; only functions that the operator holds everywhere."""

    name = forms.CharField(label=_("Role name"), max_length=64)
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one function."),
            "invalid_choice": _("You cannot give this function: %(value)s."),
        },
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        operator: Operator,
        role: Role | None = None,
        copied: Role | None = None,
    ) -> None:
        """role: the one that is changed; copied: the one that a new role starts from."""
        self.held = frozenset(c for c in functions.codes() if operator.can_everywhere(c))
        source = role or copied
        values = _values(source, self.held) if source else {}
        if copied:
            values["name"] = _("%(name)s (copy)") % {"name": copied.label}
        super().__init__(data, initial=values)
        field = self.fields["functions"]
        field.choices = [(c, functions.label(c)) for c in self.held]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"])

    def clean_description(self) -> str:
        return clean_text(self.cleaned_data["description"])

    @property
    def chapters(self) -> list[FunctionChapter]:
        return function_chapters()

    @property
    def ticked(self) -> frozenset[str]:
        return frozenset(self["functions"].value() or [])

    def refuse(self, refusal: AccountRefused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def _values(role: Role, held: frozenset[str]) -> dict[str, object]:
    return {
        "name": role.label,
        "description": role.description,
        "functions": [code for code in role.functions if code in held],
    }
