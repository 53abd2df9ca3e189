"""What people type on the case page. Forms parse; services decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import DomainError, RuleViolated
from aftersales.kernel.money import MINOR_UNITS
from staff.models import Department, Team, User
from tickets.choices import (
    EvidenceKind,
    FollowUpKind,
    LinkKind,
    MessageKind,
    Party,
    Remedy,
)
from tickets.models import Attachment, Macro, Message, SavedReply, Ticket
from tickets.services.files import NewFile, check_size
from tickets.statuses import TicketStatus

DRAFT_KINDS = (MessageKind.OUTBOUND.value, MessageKind.NOTE.value, "result", "proposal")
EMPTY = ("", "—")


def choose(choices: Iterable[tuple[str, Any]], **options: Any) -> forms.ChoiceField:
    """A choice that may stay open."""
    return forms.ChoiceField(choices=[EMPTY, *choices], required=False, **options)


def choose_row(
    rows: QuerySet[Any], *, required: bool = False, **options: Any
) -> forms.ModelChoiceField[Any]:
    """A choice of a row; an open one looks like that of ``choose``."""
    return forms.ModelChoiceField(rows, required=required, empty_label=EMPTY[1], **options)


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files; each is measured before anything is kept."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[NewFile]:
        given: list[UploadedFile[Any]] = [file for file in (data or []) if file]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        most = settings.ATTACHMENT_MAX_BYTES
        for file in given:
            if (file.size or 0) > most:
                raise forms.ValidationError(
                    _("“%(name)s” is too large (%(most)s MB at most). Nothing was sent or kept.")
                    % {"name": file.name, "most": most // 1024 // 1024},
                    code="file_too_large",
                )
        return [self.read(file) for file in given]

    @staticmethod
    def read(file: UploadedFile[Any]) -> NewFile:
        new = NewFile(name=file.name or "", content=file.read())
        try:
            check_size(new)
        except RuleViolated as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return new


class VerbForm(forms.Form):
    """A verb with nothing to say; knows case, person and row for choices that depend on them."""

    use_required_attribute = True

    def __init__(
        self,
        *args: Any,
        ticket: Ticket,
        actor: User,
        row: int = 0,
        query: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        self.ticket, self.actor, self.row, self.query = ticket, actor, row, query or {}
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and initial values from the case."""

    def tell(self, refusal: DomainError) -> None:
        """Put a refusal at its field, else above the form; also where nothing was sent yet."""
        if not self.is_bound:
            self.cleaned_data = {}
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class RemarkForm(VerbForm):
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=text_area(2))


class ReasonForm(VerbForm):
    note = forms.CharField(label=_("Reason"), max_length=500, widget=text_area(2))


class DoneForm(VerbForm):
    note = forms.CharField(label=_("How it was done"), max_length=500, widget=text_area(2))


class ReplyForm(VerbForm):
    body = forms.CharField(label=_("Answer"), widget=text_area(4), strip=False)
    then = forms.ChoiceField(
        label=_("Then"),
        required=False,
        choices=[
            (TicketStatus.PENDING.value, _("and wait for the customer")),
            (TicketStatus.OPEN.value, _("and keep working on it")),
            (TicketStatus.ON_HOLD.value, _("and wait for others")),
        ],
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]


class NoteForm(VerbForm):
    body = forms.CharField(label=_("Note"), widget=text_area(4), strip=False)
    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]


class ProposeForm(VerbForm):
    remedy = forms.ChoiceField(label=_("Remedy"), choices=[EMPTY, *Remedy.choices])
    terms = forms.CharField(label=_("What we offer"), max_length=5000, widget=text_area(3))
    amount = forms.CharField(label=_("Amount"), required=False, max_length=20)
    currency = forms.ChoiceField(
        label=_("Currency"), required=False, choices=[(code, code) for code in MINOR_UNITS]
    )
    is_sure = forms.BooleanField(label=_("More than was paid is meant"), required=False)


class ResultForm(VerbForm):
    body = forms.CharField(label=_("Result"), widget=text_area(4), strip=False)
    resolve = forms.BooleanField(label=_("and resolve the case"), required=False)


class FollowUpForm(VerbForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=FollowUpKind.choices)
    due_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    text = forms.CharField(label=_("What to do"), max_length=300)


class OutcomeForm(VerbForm):
    outcome = forms.CharField(label=_("How it went"), max_length=300, widget=text_area(2))


class RouteForm(VerbForm):
    department = choose_row(Department.objects.none(), label=_("Department"), required=True)
    team = choose_row(Team.objects.none(), label=_("Team"))
    note = forms.CharField(label=_("Why"), required=False, max_length=500, widget=text_area(2))

    def prepare(self) -> None:
        self.fields["department"].queryset = (  # type: ignore[attr-defined]
            Department.objects.filter(is_active=True)
        )
        team: Any = self.fields["team"]
        team.queryset = Team.objects.filter(is_active=True).select_related("department")
        team.label_from_instance = lambda team: f"{team.department} · {team}"
        self.initial["department"] = self.ticket.department_id


class AssignForm(VerbForm):
    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Assignee"), required=False, empty_label=_("Nobody")
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def prepare(self) -> None:
        self.fields["assignee"].queryset = (  # type: ignore[attr-defined]
            User.objects.people().filter(department=self.ticket.department_id)
        )
        self.initial["assignee"] = self.ticket.assignee_id


class PersonForm(VerbForm):
    user = choose_row(User.objects.none(), label=_("Who"), required=True)

    def prepare(self) -> None:
        self.fields["user"].queryset = User.objects.people()  # type: ignore[attr-defined]


class QuestionForm(VerbForm):
    question = forms.CharField(label=_("What to find out"), max_length=300, widget=text_area(2))


class EvidenceForm(VerbForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=EvidenceKind.choices)
    text = forms.CharField(label=_("What it shows"), max_length=5000, widget=text_area(3))
    attachment = choose_row(Attachment.objects.none(), label=_("File of the case"))

    def prepare(self) -> None:
        files = Attachment.objects.readable_by(self.actor).filter(ticket=self.ticket)
        self.fields["attachment"].queryset = files  # type: ignore[attr-defined]


class ConcludeForm(VerbForm):
    findings = forms.CharField(label=_("Findings"), max_length=10_000, widget=text_area(4))
    root_cause = forms.CharField(label=_("Root cause"), max_length=300)
    responsible_party = forms.ChoiceField(
        label=_("Responsible party"), choices=[EMPTY, *Party.choices]
    )


class LessonForm(VerbForm):
    lesson = forms.CharField(
        label=_("What to change so that it does not happen again"),
        max_length=500,
        widget=text_area(3),
    )

    def prepare(self) -> None:
        self.initial["lesson"] = self.ticket.lesson


class FilesForm(VerbForm):
    files = ManyFilesField(label=_("Files"))  # type: ignore[assignment]
    is_internal = forms.BooleanField(label=_("Not for the customer"), required=False)


class OtherCaseForm(VerbForm):
    """Another case by its number, within the person's scope."""

    target = forms.CharField(label=_("Case number"), max_length=20)
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def clean_target(self) -> Ticket:
        number = self.cleaned_data["target"].strip().upper()
        found: Ticket | None = Ticket.objects.visible_to(self.actor).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no case with this number."), code="unknown")
        return found


class MergeForm(OtherCaseForm):
    """The other case; that of another customer needs a second look."""

    is_sure = forms.BooleanField(
        label=_("Merge even if the other case is another customer's"), required=False
    )


class LinkForm(OtherCaseForm):
    kind = forms.ChoiceField(
        label=_("This case is"),
        choices=[(kind.value, kind.label) for kind in (LinkKind.RELATED, LinkKind.CHILD)],
    )
    field_order = ("kind", "target", "note")


class SplitForm(VerbForm):
    subject = forms.CharField(label=_("Subject of the new case"), max_length=200)
    messages = forms.ModelMultipleChoiceField(
        Message.objects.none(),
        label=_("Messages that move there"),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)

    def prepare(self) -> None:
        field: Any = self.fields["messages"]
        field.queryset = self.ticket.messages.filter(undone_at=None, hidden_at=None)
        field.label_from_instance = excerpt


def excerpt(message: Message) -> str:
    """One line that tells a message from its neighbours."""
    at = date_format(localtime(message.created_at), "SHORT_DATETIME_FORMAT")
    return f"{at} · {message.get_kind_display()} · {' '.join(message.body.split())[:80]}"


class ToolForm(VerbForm):
    """A macro the person may use."""

    tool = choose_row(Macro.objects.none(), label=_("Macro"), required=True)

    def prepare(self) -> None:
        self.fields["tool"].queryset = (  # type: ignore[attr-defined]
            Macro.objects.visible_to(self.actor).filter(is_active=True)
        )


class SavedReplyForm(VerbForm):
    tool = choose_row(SavedReply.objects.none(), label=_("Saved reply"), required=True)

    def prepare(self) -> None:
        self.fields["tool"].queryset = (  # type: ignore[attr-defined]
            SavedReply.objects.visible_to(self.actor).filter(is_active=True)
        )


class DraftForm(forms.Form):
    """What the page sends while somebody types."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in DRAFT_KINDS])
    body = forms.CharField(required=False, strip=False, max_length=50_000)
