"""What an outsider types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handoffs.forms import ANSWER, answers_of, form_fields
from handoffs.models import Handoff
from handoffs.services.receiving import Reply
from tickets.portal.forms import SingleUseForm, files_field


class PartyForm(SingleUseForm):
    """Words in somebody's name."""

    key_prefix = "party"
    said_by = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class PartyAnswerForm(PartyForm):
    """The answer, the template's own fields, files."""

    text = forms.CharField(
        label=_("Your answer"),
        min_length=2,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, leg: Handoff, **options: Any) -> None:
        super().__init__(*args, **options)
        self.own = leg.answer_fields
        self.fields |= form_fields(self.own, ANSWER)
        self.fields["uploads"] = files_field()
        self.order_fields([name for name in self.fields if name != "said_by"])

    def reply(self) -> Reply:
        data = self.cleaned_data
        return Reply(
            text=data["text"],
            answers=answers_of(self.own, data, ANSWER),
            files=self.new_files,
            said_by=data["said_by"],
        )


class PartyQuestionForm(PartyForm):
    """What is missing to answer."""

    note = forms.CharField(
        label=_("What do you need to know?"),
        min_length=2,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
