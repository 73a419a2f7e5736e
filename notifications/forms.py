from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from admin_platform.markup.rich_text import RichTextField
from admin_platform.uploads import FilesField
from admin_platform.widgets import Switch
from mail_server.mime import File
from notifications.models import SUBJECT_MAX_LENGTH, WelcomeAttachment, WelcomeLetter
from notifications.services.welcome import ATTACHMENTS_MAX_BYTES


class WelcomeForm(forms.Form):
    enabled = forms.BooleanField(
        label=_("Welcome letter"),
        required=False,
        widget=Switch(text=_("Send it to every new mailbox")),
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=SUBJECT_MAX_LENGTH, widget=forms.TextInput
    )
    body = RichTextField(label=_("Text"))
    uploads = FilesField(label=_("Attachments"), required=False, max_bytes=ATTACHMENTS_MAX_BYTES)
    removed = forms.ModelMultipleChoiceField(
        queryset=WelcomeAttachment.objects.none(), required=False
    )

    def __init__(self, *args: Any, letter: WelcomeLetter, **kwargs: Any) -> None:
        initial = {
            "enabled": letter.enabled,
            "subject": letter.subject,
            "body": letter.body,
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        self.fields["removed"].queryset = letter.attachments.all()  # type: ignore[attr-defined]

    def clean_uploads(self) -> list[File]:
        return [
            File(str(upload.name), upload.content_type or "", upload.read())
            for upload in self.cleaned_data["uploads"]
        ]
