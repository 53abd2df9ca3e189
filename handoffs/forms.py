"""What people type about legs. Forms parse; services decide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.localized import localized
from aftersales.kernel.money import MINOR_UNITS
from handoffs.choices import FieldType, HandoffKind
from handoffs.fields import Field, label_of
from handoffs.models import Handoff, HandoffTemplate
from handoffs.queries.responsibility import suggest
from handoffs.services.receiving import Reply
from handoffs.services.sending import Ask, Outsider
from handoffs.services.shared import Charge
from staff.models import Department, Language, User
from tickets.choices import Party
from tickets.forms import EMPTY, ManyFilesField, VerbForm, choose, text_area

ASK, ANSWER = "ask_", "answer_"
YES_NO = [EMPTY, ("1", _("Yes")), ("0", _("No"))]


def form_fields(fields: Iterable[Field], prefix: str) -> dict[str, forms.Field]:
    """Form fields for a template's own; required ones are, whatever a browser thinks of it."""
    return {f"{prefix}{field['name']}": _form_field(field) for field in fields}


def _form_field(field: Field) -> forms.Field:
    about: dict[str, Any] = {
        "label": label_of(field),
        "required": field["required"],
        "help_text": localized(field["help"], field["help_zh"]),
    }
    match field["type"]:
        case FieldType.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **about)
        case FieldType.CHOICE:
            words = [(code, localized(*names)) for code, *names in field["choices"]]
            return forms.ChoiceField(choices=[EMPTY, *words], **about)
        case FieldType.BOOLEAN:
            return forms.TypedChoiceField(
                choices=YES_NO, coerce=lambda value: value == "1", empty_value=None, **about
            )
        case FieldType.FILE:
            return ManyFilesField(**about)
        case FieldType.NUMBER:
            number = forms.TextInput(attrs={"inputmode": "decimal"})
            return forms.CharField(max_length=30, widget=number, **about)
        case FieldType.COUNT:
            count = forms.TextInput(attrs={"inputmode": "numeric"})
            return forms.CharField(max_length=30, widget=count, **about)
    return forms.CharField(max_length=2000, **about)


def answers_of(fields: Iterable[Field], data: dict[str, Any], prefix: str) -> dict[str, Any]:
    """What was typed into a template's own fields, by their names."""
    return {field["name"]: data.get(f"{prefix}{field['name']}") for field in fields}


class SendForm(VerbForm):
    """A question or an offer of the case; the template decides which fields there are."""

    template = forms.CharField(widget=forms.HiddenInput)
    question = forms.CharField(
        label=pgettext_lazy("hand-over", "Question"), max_length=5000, widget=text_area(3)
    )

    def prepare(self) -> None:
        self.templates = list(HandoffTemplate.objects.active())
        self.suggestion = suggest(self.ticket)
        wanted = self.data.get("template") or self.query.get("template", "")
        self.chosen = self._template(wanted)
        if self.chosen is None:
            return
        self.initial["template"] = self.chosen.code
        if self.chosen.kind == HandoffKind.EXTERNAL:
            self.fields |= self._outsider_fields()
        else:
            self.fields["department"] = self._department_field()
        self.fields |= form_fields(self.chosen.ask_fields, ASK)
        shared = self.ticket.attachments.values_list("pk", "file_name")
        if shared and self.chosen.kind != HandoffKind.TRANSFER:
            self.fields["shared"] = forms.TypedMultipleChoiceField(
                label=_("Files of the case that go along"),
                choices=list(shared),
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["files"] = ManyFilesField(label=_("Files"), required=False)

    def _template(self, code: str) -> HandoffTemplate | None:
        """The one asked for, else the first that goes where the grid says, else the first."""
        by_code = {template.code: template for template in self.templates}
        if code:
            return by_code.get(code)
        target = self.suggestion and self.suggestion.responsible
        fitting = [one for one in self.templates if target and one.target_kind == target.kind]
        return next(iter([*fitting, *self.templates]), None)

    def _department_field(self) -> forms.ModelChoiceField[Department]:
        template: Any = self.chosen
        others = Department.objects.filter(is_active=True).exclude(pk=self.ticket.department_id)
        target = template.target_department
        if target is None and self.suggestion and self.suggestion.responsible in others:
            suggested = self.suggestion.responsible
            if suggested and template.target_kind in ("", suggested.kind):
                target = suggested
        if target is None and template.target_kind:
            target = others.filter(kind=template.target_kind).first()
        return forms.ModelChoiceField(others, label=_("Department"), initial=target)

    def _outsider_fields(self) -> dict[str, forms.Field]:
        return {
            "party_name": forms.CharField(label=_("Who is asked"), max_length=120),
            "party_email": forms.EmailField(
                label=_("Their mail (the link goes there)"), required=False
            ),
            "party_phone": forms.CharField(label=_("Their phone"), required=False, max_length=40),
            "party_language": forms.ChoiceField(
                label=_("Their language"), choices=Language.choices
            ),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.chosen is None:
            raise forms.ValidationError(_("Choose what to ask."))
        if self.errors:
            return data
        outsider = None
        if self.chosen.kind == HandoffKind.EXTERNAL:
            names = ("name", "email", "phone", "language")
            outsider = Outsider(**{name: data[f"party_{name}"] for name in names})
        ask = Ask(
            template=self.chosen,
            question=data["question"],
            department=data.get("department"),
            outsider=outsider,
            answers=answers_of(self.chosen.ask_fields, data, ASK),
            files=(*data.get("shared", ()), *data["files"]),
        )
        return {"ask": ask}


class LegForm(VerbForm):
    """A verb of one leg; knows the leg."""

    def prepare(self) -> None:
        rows = Handoff.objects.visible_to(self.actor).filter(ticket=self.ticket)
        self.leg = rows.filter(pk=self.row).first()


class WordsForm(VerbForm):
    """Words that go to the other side."""

    note = forms.CharField(label=_("Your words"), max_length=5000, widget=text_area(3))


class ResendForm(WordsForm):
    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]


class ChargeForm(LegForm):
    """Who is responsible and what it costs them, if that is known."""

    responsible_party = choose(Party.choices, label=_("Responsible party"))
    cost_amount = forms.CharField(label=_("Cost charged to it"), required=False, max_length=20)
    cost_currency = forms.ChoiceField(
        label=_("Currency"), required=False, choices=[(code, code) for code in MINOR_UNITS]
    )

    def charge(self) -> Charge | None:
        """``None`` where nobody is named and no cost given."""
        data = self.cleaned_data
        if not data["responsible_party"] and not data["cost_amount"]:
            return None
        return Charge(
            responsible_party=data["responsible_party"],
            amount=data["cost_amount"] or None,
            currency=data["cost_currency"] if data["cost_amount"] else "",
        )


class AnswerForm(ChargeForm):
    """The answer with the template's own fields."""

    text = forms.CharField(label=_("Answer"), max_length=10_000, widget=text_area(4))
    said_by = forms.CharField(label=_("Who said it"), required=False, max_length=100)
    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]
    field_order = ("text", "said_by")

    def prepare(self) -> None:
        super().prepare()
        self.own = self.leg.answer_fields if self.leg else []
        self.fields |= form_fields(self.own, ANSWER)
        if self.leg is None or not self.leg.is_external:
            del self.fields["said_by"]
        last = ("files", "responsible_party", "cost_amount", "cost_currency")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        reply = Reply(
            text=data["text"],
            answers=answers_of(self.own, data, ANSWER),
            files=data["files"],
            charge=self.charge(),
            said_by=data.get("said_by", ""),
        )
        return {"reply": reply}


class CloseForm(ChargeForm):
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=text_area(2))
    field_order = ("note",)

    def prepare(self) -> None:
        super().prepare()
        if self.leg:
            self.initial["responsible_party"] = self.leg.responsible_party
            self.initial["cost_amount"] = self.leg.cost_amount
            self.initial["cost_currency"] = self.leg.cost_currency

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data if self.errors else {"note": data["note"], "charge": self.charge()}


class RerouteForm(LegForm):
    department = forms.ModelChoiceField(Department.objects.none(), label=_("Department"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=text_area(2))

    def prepare(self) -> None:
        super().prepare()
        taken = {self.leg.from_department_id, self.leg.to_department_id or 0} if self.leg else ()
        self.fields["department"].queryset = (  # type: ignore[attr-defined]
            Department.objects.filter(is_active=True).exclude(pk__in=taken)
        )


class AssignLegForm(LegForm):
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Assignee"), required=False, empty_label=_("Nobody")
    )

    def prepare(self) -> None:
        super().prepare()
        people = User.objects.people().filter(
            department=self.leg.to_department_id if self.leg else None
        )
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]
        self.initial["assignee"] = self.leg.assignee_id if self.leg else None


class ExampleForm(VerbForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    lesson = forms.CharField(label=_("What it teaches"), max_length=1000, widget=text_area(3))

    def prepare(self) -> None:
        self.initial = {"title": self.ticket.subject, "lesson": self.ticket.lesson}


class CellForm(forms.Form):
    """One cell of the responsibility grid."""

    R = forms.ModelChoiceField(Department.objects.none(), label=_("Responsible"), required=False)
    A = forms.ModelChoiceField(Department.objects.none(), label=_("Accountable"), required=False)
    C = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Consulted"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    I = forms.ModelMultipleChoiceField(  # noqa: E741 -- the letters of RACI
        Department.objects.none(),
        label=_("Informed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.queryset = Department.objects.filter(is_active=True)  # type: ignore[attr-defined]

    def parts(self) -> dict[str, list[Department]]:
        data = self.cleaned_data
        alone = {part: [data[part]] if data[part] else [] for part in ("R", "A")}
        return {**alone, **{part: list(data[part]) for part in ("C", "I")}}
