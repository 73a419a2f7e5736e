"""The form that deletes accounts."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.bulk import BulkForm
from accounts.forms.pickers import AccountsField
from accounts.models import Account
from admin_platform.operator import Operator


class MailAfterwards(TextChoices):
    """What becomes of the mail (manual, 4.2③)."""

    KEEP = "keep", gettext_lazy("Back up the mailbox, then delete")
    DELETE = "delete", gettext_lazy("Delete directly")


class DeleteForm(BulkForm):
    """Asks for the mail only where one of the accounts has a mailbox."""

    mail = forms.ChoiceField(
        label=gettext_lazy("What becomes of the mail"),
        choices=MailAfterwards.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of the mail.")},
    )
    heir = AccountsField(
        to="accounts:account-delete",
        label=gettext_lazy("Move the mail to"),
        help_text=gettext_lazy("This member sees it as a folder of the own mailbox."),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, operator: Operator, has_mail: bool) -> None:
        super().__init__(data)
        query = data.get("heir-find", "") if data else ""
        self.fields["heir"].stand(operator, query=query)  # type: ignore[attr-defined]
        if not has_mail:
            del self.fields["mail"], self.fields["heir"]

    def clean_heir(self) -> Account | None:
        if self.cleaned_data.get("mail") != MailAfterwards.KEEP:
            return None
        chosen = list(self.cleaned_data["heir"])
        if len(chosen) != 1:
            raise ValidationError(_("Choose one member who takes the mail."))
        heir: Account = chosen[0]
        return heir

    @property
    def wanted_heir(self) -> Account | None:
        heir: Account | None = self.cleaned_data.get("heir")
        return heir
