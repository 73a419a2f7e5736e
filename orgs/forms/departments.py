"""Forms of the department page."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from orgs.errors import DepartmentRefused
from orgs.models import DESCRIPTION_MAX_LENGTH, NAME_MAX_LENGTH, Department
from orgs.services.departments import DepartmentText
from orgs.validators import tidy, validate_department_name


class RefusableForm(forms.Form):
    """A form that can show what a service refused."""

    def refuse(self, refusal: DepartmentRefused) -> None:
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))


class DepartmentForm(RefusableForm):
    name = forms.CharField(label=_("Department name"), max_length=NAME_MAX_LENGTH)
    description = forms.CharField(
        label=_("Description"),
        max_length=DESCRIPTION_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        validate_department_name(name)
        return name

    def clean_description(self) -> str:
        return tidy(self.cleaned_data["description"])


class DepartmentEditForm(DepartmentForm):
    """seen_…: what the form showed when it was opened; somebody may save meanwhile."""

    seen_name = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen_description = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, data: QueryDict | None, *, department: Department, may_rename: bool) -> None:
        shown = {"name": department.name, "description": department.description}
        seen = {f"seen_{name}": value for name, value in shown.items()}
        super().__init__(data, initial=shown | seen)
        self.fields["name"].disabled = not may_rename

    @property
    def wanted(self) -> DepartmentText:
        return DepartmentText(self.cleaned_data["name"], self.cleaned_data["description"])

    @property
    def seen(self) -> DepartmentText:
        return DepartmentText(self.cleaned_data["seen_name"], self.cleaned_data["seen_description"])

    def show(self, department: Department) -> None:
        """Take what is saved now as seen, so that saving again replaces it knowingly."""
        self.data = {
            **self.data.dict(),  # type: ignore[attr-defined]
            "seen_name": department.name,
            "seen_description": department.description,
        }


class MoveForm(RefusableForm):
    target = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("New parent department"),
        error_messages={
            "required": _("Choose the department into which it goes."),
            "invalid_choice": _("This department is gone or outside your scope."),
        },
    )
    position = forms.ChoiceField(
        choices=[(code, code) for code in ("first-child", "last-child", "left", "right")],
        required=False,
    )
    seen_parent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, choices: QuerySet[Department]) -> None:
        super().__init__(data)
        self.fields["target"].queryset = choices  # type: ignore[attr-defined]

    def clean_position(self) -> str:
        return self.cleaned_data["position"] or "last-child"

    @property
    def reasons(self) -> str:
        """Everything that is wrong, in one line."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
