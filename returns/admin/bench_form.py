"""The condition form of an article as fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from returns.choices import DeclineReason, Disposition, Grade
from returns.models import ReturnItem
from returns.services.inspecting import Look, condition_form
from returns.statuses import AcceptanceStatus
from tickets.forms import ManyFilesField, text_area

DECISIONS = [
    (status.value, status.label)
    for status in AcceptanceStatus
    if status != AcceptanceStatus.PENDING
]
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class InspectForm(forms.Form):
    """Questions first, in the order of the form; then grade, where it goes, yes or no."""

    quantity = forms.IntegerField(label=_("Pieces"), min_value=1)
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    disposition = forms.ChoiceField(label=_("Goes to"), choices=Disposition.choices)
    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS)
    reason = forms.ChoiceField(
        label=_("Why declined"), choices=[("", "—"), *DeclineReason.choices], required=False
    )
    note = forms.CharField(label=_("In words"), required=False, max_length=500, widget=text_area(2))
    photos = ManyFilesField(label=_("Photos"), required=False)
    deduction = forms.CharField(label=_("Agreed deduction"), required=False, max_length=20)
    consent = forms.CharField(label=_("Customer's consent"), required=False, max_length=300)

    def __init__(self, *args: Any, item: ReturnItem, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        self.condition = condition_form(item)
        questions = {
            f"ask_{question.code}": forms.ChoiceField(
                label=question.text, choices=YES_NO, widget=forms.RadioSelect
            )
            for question in self.condition.questions
        }
        self.fields = {**questions, **self.fields}
        self.fields["quantity"].initial = item.quantity
        self.fields["quantity"].widget.attrs["max"] = item.quantity

    def look(self, photos: list[int]) -> Look:
        """What was filled in, resting on the photos kept."""
        data = self.cleaned_data
        return Look(
            answers={
                question.code: data[f"ask_{question.code}"] == "yes"
                for question in self.condition.questions
            },
            quantity=data["quantity"],
            grade=data["grade"],
            disposition=data["disposition"],
            decision=data["decision"],
            reason=data["reason"],
            note=data["note"],
            photos=photos,
            deduction=data["deduction"] or "0",
            consent=data["consent"],
        )
