from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.pickers import AccountsField
from accounts.models import Account
from admin_platform.operator import Operator
from apps_center.errors import BackupRefused

PAGE = "backup:create"


class BackupForm(forms.Form):
    """shown: the page's address, with the words to search for where scripts do not run."""

    main = AccountsField(
        to=PAGE,
        label=gettext_lazy("Main backup mailbox"),
        help_text=gettext_lazy("It receives the copies."),
    )
    backed_up = AccountsField(
        to=PAGE,
        label=gettext_lazy("Backed-up mailboxes"),
        help_text=gettext_lazy(
            "Mail that they send and receive from now on. Each can be backed up by one mailbox."
        ),
    )

    def __init__(self, data: QueryDict | None, *, shown: QueryDict, operator: Operator) -> None:
        initial = {name: shown.getlist(name) for name in ("main", "backed_up")}
        super().__init__(data, initial=initial)
        for name, field in self.fields.items():
            field.stand(operator, query=shown.get(f"{name}-find", ""))  # type: ignore[attr-defined]

    def clean_main(self) -> Account:
        chosen = list(self.cleaned_data["main"])
        if len(chosen) != 1:
            raise ValidationError(_("Choose one main backup mailbox."))
        main: Account = chosen[0]
        return main

    def refuse(self, refusal: BackupRefused) -> None:
        self.add_error(refusal.field or None, str(refusal))
