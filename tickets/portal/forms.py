"""Forms of the customer pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.errors import RuleViolated
from customers.contacts import normalize
from customers.models import ContactChannel
from tickets.choices import Kind
from tickets.portal.form_tokens import new_form_token, read_form_token
from tickets.services.files import NewFile

MOST_FILES = 5
# Nobody reads and fills in a form faster than this.
LEAST_TIME = timedelta(seconds=3)
SCORES = (
    (5, _("Very good")),
    (4, _("Good")),
    (3, _("Fair")),
    (2, _("Poor")),
    (1, _("Very poor")),
)


class FilesInput(forms.ClearableFileInput):
    """A file chooser that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, capped in number and size before a byte is read."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        chosen: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data]
        files = [super(FilesField, self).clean(one, initial) for one in chosen if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("Please send at most %(most)s files at once."), params={"most": MOST_FILES}
            )
        for file in files:
            if file.size > settings.ATTACHMENT_MAX_BYTES:
                raise forms.ValidationError(
                    _("“%(name)s” is too large (%(most)s MB at most)."),
                    params={
                        "name": file.name,
                        "most": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024,
                    },
                )
        return files


def files_field() -> FilesField:
    return FilesField(label=_("Photos or files"), required=False)


class SingleUseForm(forms.Form):
    """A form that can be sent once; ``key`` names this showing of it."""

    key_prefix = "form"
    form_token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fresh_token = new_form_token()
        self.age = timedelta()

    def clean_form_token(self) -> str:
        found = read_form_token(self.cleaned_data["form_token"])
        if found is None:
            raise forms.ValidationError(
                _("This page was open for a long time. Your text is kept; please send it again.")
            )
        number, self.age = found
        return f"{self.key_prefix}:{number}"

    @property
    def key(self) -> str:
        return str(self.cleaned_data["form_token"])

    @property
    def new_files(self) -> tuple[NewFile, ...]:
        files: list[UploadedFile[Any]] = self.cleaned_data["uploads"]
        return tuple(NewFile(name=file.name or "", content=file.read()) for file in files)


class MessageForm(SingleUseForm):
    """Words and files from the status page."""

    key_prefix = "page"
    body = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    uploads = files_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("body") and not data.get("uploads") and not self.errors:
            self.add_error("body", _("Please write something or choose a file."))
        return data


class AnswerForm(forms.Form):
    """Yes or no to a proposal."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")])
    note = forms.CharField(required=False, max_length=500)


class RatingForm(forms.Form):
    """How did we do?"""

    score = forms.TypedChoiceField(
        choices=SCORES, coerce=int, error_messages={"required": _("Please choose 1 to 5.")}
    )
    comment = forms.CharField(required=False, max_length=2000)


class ContactForm(SingleUseForm):
    """The public web form. ``website`` is bait: people do not see it, machines fill it in."""

    key_prefix = "web"
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=pgettext_lazy("address", "E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    order_number = forms.CharField(label=_("Order number"), required=False, max_length=64)
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Kind.choices)
    subject = forms.CharField(label=_("In a few words"), max_length=200)
    body = forms.CharField(
        label=_("What happened?"),
        min_length=2,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    uploads = files_field()
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_email(self) -> str:
        return self._address("email", ContactChannel.EMAIL)

    def clean_phone(self) -> str:
        return self._address("phone", ContactChannel.PHONE)

    def _address(self, field: str, channel: str) -> str:
        typed: str = self.cleaned_data[field]
        try:
            return normalize(channel, typed) if typed else ""
        except RuleViolated as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("email") and not data.get("phone") and not self.errors:
            self.add_error("email", _("Please leave a mail address or a phone number."))
        if not self.errors and self.age < LEAST_TIME:
            self.add_error(None, _("That was very quick. Please look it over and send it again."))
        return data

    @property
    def is_bait_taken(self) -> bool:
        return bool(self.data.get("website"))
