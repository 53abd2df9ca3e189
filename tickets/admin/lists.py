"""Lists of what hangs on cases, to read; mails that did not arrive are seen to here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from aftersales.kernel.admin import ByWords, FailingAdmin, ReadOnlyAdmin, kept_words, known_id
from aftersales.kernel.clock import now
from aftersales.kernel.dialogs import ReasonDialog, perform
from aftersales.kernel.errors import Text
from aftersales.kernel.masking import mask_email, mask_links, mask_name_in
from tickets import words
from tickets.models import CsatResponse, FollowUp, Investigation, OutboundMail, Proposal, Ticket
from tickets.policies import can_retry_mail
from tickets.queries.home import stuck
from tickets.services.outbox import retry_mail, settle_mail
from tickets.statuses import STUCK, FollowUpStatus, MailStatus


class RetryDialog(ReasonDialog):
    """Why, and to which address if the one it went to is wrong."""

    address = forms.EmailField(
        label=_("Other address of the customer"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )


RETRY: dict[str, Any] = {
    "title": _("Send this mail again"),
    "description": _("It goes back to the queue and is tried at once, under the same Message-ID."),
    "form_class": RetryDialog,
    "form_submit_text": _("Send again"),
}
SETTLE: dict[str, Any] = {
    "title": _("Do without this mail"),
    "description": _("It is not sent any more. Say how the customer was told instead."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Settle otherwise"),
}


class OfTicketAdmin(ReadOnlyAdmin):
    """Rows of a case, each with the way to it; seen by whoever sees the case."""

    list_select_related: tuple[str, ...] = ("ticket",)
    search_fields: tuple[str, ...] = ("ticket__number__exact",)
    search_help_text = _("Case number")

    @display(description=_("case"), ordering="ticket")
    def case(self, row: Any) -> SafeString:
        ticket: Ticket = row.ticket
        return format_html(
            '<a class="d-strong whitespace-nowrap" href="{}">{}</a> {}',
            reverse("admin:tickets_ticket_change", args=[ticket.number]),
            ticket.number,
            ticket.subject[:60],
        )


class OfOwnCasesAdmin(OfTicketAdmin):
    """Open to everybody who works on cases; scope decides what each of them sees."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("tickets.view_ticket")


class StuckFilter(admin.SimpleListFilter):
    """Those that a person has to see to."""

    title = _("waits for a person")
    parameter_name = "stuck"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Parked or came back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "1":
            return queryset
        return queryset.filter(pk__in=stuck(request.user).values("pk"))  # type: ignore[arg-type]


@admin.register(OutboundMail)
class OutboundMailAdmin(FailingAdmin, OfTicketAdmin):
    """The outbox: what left, what waits, what could not leave or came back."""

    when_empty = _(
        "Mails to customers and outsiders of the cases you see show here. Answer a case, "
        "and the mail follows."
    )
    list_display = ("state", "purpose", "case", "to", "headline", "created_at", "sent_at")
    list_filter = (StuckFilter, "status", "purpose")
    list_display_links = ("purpose",)
    search_fields = ("ticket__number__exact", "to_address__exact")
    search_help_text = _("Case number or mail address")
    actions_detail = ("retry", "settle")
    fieldsets = (
        (None, {"fields": (("state", "purpose"), ("language", "to"), "case", "headline")}),
        (_("Text"), {"fields": ("text",)}),
        (
            _("Delivery"),
            {
                "fields": (
                    ("attempts", "created_at"),
                    ("send_after", "sent_at"),
                    "problem",
                    "mail_id",
                )
            },
        ),
    )
    readonly_fields = ("state", "case", "to", "headline", "text", "problem")

    failure = "last_error"

    @display(
        description=_("status"),
        ordering="status",
        label=ByWords(
            {
                MailStatus.QUEUED: "info",
                MailStatus.SENDING: "info",
                MailStatus.SENT: "success",
                MailStatus.PARKED: "danger",
                MailStatus.BOUNCED: "danger",
            }
        ),
    )
    def state(self, mail: OutboundMail) -> str:
        return mail.get_status_display()

    @display(description=_("to"))
    def to(self, mail: OutboundMail) -> str:
        return mask_email(mail.to_address)

    @display(description=_("subject"))
    def headline(self, mail: OutboundMail) -> Text:
        return mail.subject or _("(written when it leaves)")

    @display(description=_("text"))
    def text(self, mail: OutboundMail) -> Text:
        customer = mail.ticket.customer
        words = mask_name_in(mask_links(mail.body), customer.name if customer else "")
        return words or _("The answer is put into a mail when its time to recall it is over.")

    def has_retry_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """The button shows on mails that wait for a person; the service decides again."""
        waiting = OutboundMail.objects.filter(pk=known_id(object_id), status__in=STUCK)
        return can_retry_mail(request.user) and waiting.exists()  # type: ignore[arg-type]

    def has_settle_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_retry_permission(request, object_id)

    @action(description=_("Send again"), icon="refresh", permissions=["retry"], dialog=RETRY)
    def retry(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        given = {name: form.cleaned_data[name] for name in ("note", "address")}
        return perform(
            request,
            form,
            RETRY,
            lambda: retry_mail(int(object_id), actor=request.user, **given),  # type: ignore[arg-type]
            done=_("The mail is on its way again."),
            url=reverse("admin:tickets_outboundmail_change", args=[object_id]),
        )

    @action(
        description=_("Settle otherwise"), icon="task_alt", permissions=["settle"], dialog=SETTLE
    )
    def settle(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        note = form.cleaned_data["note"]
        return perform(
            request,
            form,
            SETTLE,
            lambda: settle_mail(int(object_id), actor=request.user, note=note),  # type: ignore[arg-type]
            done=_("The mail is settled."),
            url=reverse("admin:tickets_outboundmail_change", args=[object_id]),
        )


class FirstChoiceFilter(admin.SimpleListFilter):
    """A filter that narrows the list unless somebody asks for more."""

    def first(self, request: HttpRequest) -> str:
        """The choice that holds where the address names none."""
        raise NotImplementedError

    def __init__(self, request: HttpRequest, *rest: Any) -> None:
        self.unasked = self.first(request)
        super().__init__(request, *rest)

    def value(self) -> str:
        asked = super().value()
        return (
            asked if asked in {str(code) for code, _label in self.lookup_choices} else self.unasked
        )

    def choices(self, changelist: Any) -> Any:
        """There is no choice of none: it is one of those named."""
        return list(super().choices(changelist))[1:]


class MineFilter(FirstChoiceFilter):
    """Whose promises: one's own first, for those who only read everybody's."""

    title = _("who")
    parameter_name = "who"

    def first(self, request: HttpRequest) -> str:
        return "all" if request.user.has_perm("tickets.view_all_tickets") else "me"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("Me")), ("all", _("Everybody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(assignee=request.user) if self.value() == "me" else queryset


class PlannedFilter(FirstChoiceFilter):
    """What is still to be done first."""

    title = _("status")
    parameter_name = "status"

    def first(self, request: HttpRequest) -> str:
        return str(FollowUpStatus.PLANNED)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*FollowUpStatus.choices, ("all", _("All"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        status = self.value()
        return queryset if status == "all" else queryset.filter(status=status)


@admin.register(FollowUp)
class FollowUpAdmin(OfOwnCasesAdmin):
    """Promises, nearest first; done and taken back on the case itself."""

    when_empty = _(
        "Planned follow-ups of everybody show here. Plan one on the page of a case; done "
        "ones are under Filters."
    )
    list_display = ("what", "due", "case", "kind", "assignee", "status")
    list_select_related = ("ticket", "assignee")
    list_display_links = None
    list_filter = (MineFilter, PlannedFilter, "kind")

    what = kept_words("text", _("what to do"))

    def words_when_empty(self, request: HttpRequest) -> Any:
        if request.user.has_perm("tickets.view_all_tickets"):
            return self.when_empty
        return _(
            "Planned follow-ups show here, at first only your own. Choose “Everybody” under "
            "Filters, or plan one on the page of a case."
        )

    @display(description=_("due"), ordering="due_at")
    def due(self, row: FollowUp) -> SafeString:
        if row.status != FollowUpStatus.PLANNED:
            day = date_format(timezone.localtime(row.due_at), "SHORT_DATE_FORMAT")
            return format_html('<span class="d-dim">{}</span>', day)
        due = words.due_words(row.due_at, now())
        return format_html('<span class="d-tone {}">{}</span>', due.tone, due.text)


@admin.register(CsatResponse)
class CsatResponseAdmin(OfOwnCasesAdmin):
    """What customers said of the way they were served."""

    when_empty = _(
        "How customers rate their cases shows here. They are asked by mail some time after "
        "a case is resolved."
    )
    list_display = ("case", "stars", "comment_start", "status", "answered_at")
    list_display_links = None
    list_filter = ("status", "score")

    @display(description=_("score"), ordering="score")
    def stars(self, row: CsatResponse) -> str:
        return "★" * row.score + "☆" * (5 - row.score) if row.score else "–"

    @display(description=_("comment"))
    def comment_start(self, row: CsatResponse) -> str:
        return row.comment[:120] or "–"


@admin.register(Proposal)
class ProposalAdmin(OfTicketAdmin):
    """What was offered and how it went."""

    when_empty = _(
        "What was offered to customers in the cases you see shows here. Make an offer on "
        "the page of a case."
    )
    list_display = ("__str__", "case", "status", "offered_by", "offered_at", "answered_at")
    list_select_related = ("ticket", "offered_by")
    list_display_links = None
    list_filter = ("status", "remedy")


@admin.register(Investigation)
class InvestigationAdmin(OfTicketAdmin):
    """What was looked into and what came out."""

    when_empty = _(
        "What is looked into in the cases you see shows here. Open an investigation on the "
        "page of a case."
    )
    list_display = ("question", "case", "status", "responsible_party", "opened_by", "opened_at")
    list_select_related = ("ticket", "opened_by")
    list_display_links = None
    list_filter = ("status", "responsible_party")
