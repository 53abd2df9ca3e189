"""Asking for a refund from the case page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.moments import day_and_time
from aftersales.kernel.refs import for_reader
from aftersales.kernel.services import service
from customers.models import Payment
from returns.models import Refund
from returns.money_choices import RefundMeans, RefundReason
from returns.policies_money import can_request
from returns.queries.consents import accepted_proposals, words_of_customer
from returns.queries.deal import is_in_kind
from returns.services.money.books import free_amount
from returns.services.money.consenting import NO_CONSENT, Consent
from returns.services.money.requesting import NewRefund, request_refund, submit_refund
from staff.models import User
from tickets.admin import case_verbs_all
from tickets.admin.case_actions import BEFORE_CLOSED, Act, Verb, note_of
from tickets.forms import EMPTY, VerbForm
from tickets.models import Attachment, Ticket

MOST_MESSAGES = 10


class RefundForm(VerbForm):
    """What of the purchase is to go back, and why; compensations come from the catalogue."""

    amount = forms.CharField(label=_("Amount"), max_length=20)
    reason = forms.ChoiceField(label=_("Reason"), choices=RefundReason.choices)
    means = forms.ChoiceField(label=_("By way of"), choices=RefundMeans.choices)
    consent_from = forms.ChoiceField(
        label=_("Where the customer agreed to store credit"), required=False
    )
    consent = forms.CharField(
        label=_("How the customer agreed to store credit"),
        max_length=300,
        required=False,
        help_text=_("For example: by phone, 14:20, prefers store credit."),
    )
    note = forms.CharField(label=_("Explanation"), max_length=500, min_length=4)
    evidence = forms.ModelMultipleChoiceField(
        label=_("Files of the case that speak for it"),
        queryset=Attachment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        if shown := shown_by_the_case(self.ticket):
            self.fields["consent_from"].choices = [EMPTY, *shown]  # type: ignore[attr-defined]
        else:
            del self.fields["consent_from"]
        files = self.ticket.attachments.order_by("-pk")
        if files.exists():
            self.fields["evidence"].queryset = files  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"]


def shown_by_the_case(ticket: Ticket) -> list[tuple[str, str]]:
    """Where the customer may have agreed, the newest first: proposals accepted, own messages."""
    found = [
        (f"proposal:{one.pk}", _told(one.answered_at, _("Proposal accepted"), one.terms))
        for one in accepted_proposals(ticket.pk)
    ]
    return found + [
        (f"message:{one.pk}", _told(one.created_at, _("Message"), for_reader(one.body)))
        for one in words_of_customer(ticket.pk)[:MOST_MESSAGES]
    ]


def _told(at: datetime | None, what: Any, words: str) -> str:
    moment = day_and_time(at) if at else ""
    return f"{moment} {what}: {Truncator(' '.join(words.split())).chars(60)}"


def consent_of(data: dict[str, Any]) -> Consent:
    """What the form says of consent; nothing unless it is about store credit."""
    if data["means"] != RefundMeans.STORE_CREDIT:
        return NO_CONSENT
    kind, _colon, key = data.get("consent_from", "").partition(":")
    return Consent(words=data["consent"], **({kind: int(key)} if key else {}))


def payment_of(ticket: Ticket) -> Payment:
    """The order's payment in money with the most left to give back; raises without any."""
    payments = list(ticket.order.payments.all()) if ticket.order else []
    if not payments:
        raise RuleViolated("no_payment", _("This case has no order that was paid."), field="amount")
    in_money = [one for one in payments if not is_in_kind(one)]
    return max(in_money or payments, key=free_amount)


def ask_for_refund(act: Act) -> Refund:
    """Request and submit in one go."""
    payment = payment_of(act.ticket)
    wanted = NewRefund(
        amount=act.data["amount"],
        currency=payment.currency,
        reason=act.data["reason"],
        means=act.data["means"],
        consent=consent_of(act.data),
        evidence=tuple(file.pk for file in act.data.get("evidence", ())),
    )
    return _request_and_submit(payment, wanted, act.ticket, actor=act.actor, note=note_of(act))


@service
def _request_and_submit(
    payment: Payment, wanted: NewRefund, ticket: Ticket, *, actor: User, note: str
) -> Refund:
    """Both or neither."""
    refund = request_refund(payment.pk, wanted, actor=actor, note=note, ticket=ticket)
    return submit_refund(refund.pk, actor=actor)


VERBS = (
    Verb(
        "refund",
        _("Refund…"),
        lambda actor, ticket: can_request(actor),
        ask_for_refund,
        _("Submitted for approval."),
        form=RefundForm,
        statuses=BEFORE_CLOSED,
    ),
)


def register() -> None:
    case_verbs_all.register(VERBS, in_menu=["refund"])
