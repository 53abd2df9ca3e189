"""Store credit instead of the way paid: only with the customer's express consent (办法 14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from aftersales.kernel.context import Source, entering
from aftersales.kernel.errors import RuleViolated
from compliance.models import AuditEvent
from customers.models import Payment
from returns.models import Refund
from returns.money_statuses import RefundStatus as S
from returns.queries.digests import digest_of
from returns.services.money import approving, requesting
from returns.services.money.consenting import NO_CONSENT, Consent
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.api.calls import Caller
from tests.factories.money import (
    BY_PHONE,
    fresh,
    make_money_lead,
    make_refund,
    make_refund_in,
    submit,
    wish,
)
from tests.factories.people import make_user
from tests.factories.tickets import make_proposal, make_ticket
from tests.returns.money.test_money_pages import INBOX, sign_in
from tests.tickets.case_page import REFUND, do, traces, with_paid_order
from tickets.models import Message, Ticket
from tickets.services import conversation, proposals
from tickets.services.opening import Words, receive_message

pytestmark = pytest.mark.django_db

AT = datetime.fromisoformat("2026-03-09T06:20:00+00:00")


def paid_case(actor: User) -> tuple[Ticket, Payment]:
    ticket = with_paid_order(actor)[0]
    assert ticket.order is not None
    return ticket, ticket.order.payments.get()


def says(ticket: Ticket, body: str = "Store credit is fine with me.") -> Message:
    words = Words(body=body, channel="web")
    with time_machine.travel(AT, tick=False):
        return receive_message(ticket.pk, words, actor=system_actor())


def ask(ticket: Ticket, payment: Payment, actor: User, consent: Consent) -> Refund:
    wanted = wish(means="store_credit", consent=consent)
    return requesting.request_refund(payment.pk, wanted, actor=actor, ticket=ticket)


def recorded(refund: Refund) -> tuple[Any, ...]:
    return refund.consent, refund.consent_message, refund.consent_proposal, refund.consented_at


def test_store_credit_needs_the_customers_express_consent_measures_14() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)
    before = traces(ticket)

    for consent, code in (
        (NO_CONSENT, "consent_missing"),
        (Consent(words="  "), "consent_missing"),
        (Consent(words="yes"), "too_short"),
        (Consent(words="y" * 301), "too_long"),
    ):
        with pytest.raises(RuleViolated) as refusal:
            ask(ticket, payment, agent, consent)
        assert (refusal.value.code, refusal.value.field) == (code, "consent")

    assert not Refund.objects.exists()
    assert traces(ticket) == before


def test_words_are_recorded_with_their_moment() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)

    with time_machine.travel(AT, tick=False):
        refund = ask(ticket, payment, agent, BY_PHONE)

    assert recorded(refund) == ("By phone, 14:20: wants store credit", None, None, AT)
    event = AuditEvent.objects.get(code="returns.refund_requested")
    assert event.data["consent"] == "By phone, 14:20: wants store credit"
    assert event.data["consented_at"] == AT.isoformat()


def test_message_of_the_customer_is_the_consent() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)
    message = says(ticket)

    refund = ask(ticket, payment, agent, Consent(message=message.pk))

    assert recorded(refund) == ("", message, None, AT)


def test_message_of_another_case_of_ours_or_a_hidden_one_is_none() -> None:
    agent, lead = make_user(), make_money_lead()
    ticket, payment = paid_case(agent)
    other = says(make_ticket(agent))
    ours = conversation.reply(ticket.pk, actor=agent, body="Would you take store credit?")
    hidden = says(ticket)
    conversation.hide_message(hidden.pk, actor=lead, note="names somebody else")

    for message in (other, ours, hidden):
        with pytest.raises(RuleViolated) as refusal:
            ask(ticket, payment, agent, Consent(message=message.pk))
        assert refusal.value.code == "foreign_message"

    assert not Refund.objects.exists()


def test_proposal_is_a_consent_once_the_customer_accepted_it_on_the_status_page() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)
    offer = make_proposal(ticket, agent)
    consent = Consent(proposal=offer.pk)

    with pytest.raises(RuleViolated) as refusal:
        ask(ticket, payment, agent, consent)
    assert refusal.value.code == "not_accepted"
    with time_machine.travel(AT, tick=False), entering(Source.PORTAL):
        proposals.accept_proposal(offer.pk, actor=system_actor())
    refund = ask(ticket, payment, agent, consent)

    assert recorded(refund) == ("", None, offer, AT)


def test_proposal_an_agent_accepted_for_the_customer_is_no_act_of_theirs() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)
    offer = make_proposal(ticket, agent)
    with entering(Source.ADMIN):
        proposals.accept_proposal(offer.pk, actor=agent)

    with pytest.raises(RuleViolated) as refusal:
        ask(ticket, payment, agent, Consent(proposal=offer.pk))

    assert refusal.value.code == "not_accepted"


def test_message_and_proposal_at_once_are_refused() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)

    with pytest.raises(RuleViolated) as refusal:
        ask(ticket, payment, agent, Consent(message=says(ticket).pk, proposal=1))

    assert refusal.value.code == "two_consents"


def test_consent_without_store_credit_is_refused() -> None:
    with pytest.raises(RuleViolated) as refusal:
        make_refund(consent=BY_PHONE)

    assert refusal.value.code == "consent_without_credit"
    assert not Refund.objects.exists()


def test_another_consent_voids_the_approval_and_its_author_does_not_approve() -> None:
    refund = make_refund_in(S.APPROVED, means="store_credit")
    before, lead = digest_of(refund), make_money_lead()
    wanted = wish(means="store_credit", consent=Consent(words="By mail of 9 March: agrees"))

    requesting.change_refund(refund.pk, wanted, actor=lead)

    refund.refresh_from_db()
    assert refund.status == S.DRAFT
    assert digest_of(refund) != before
    assert refund.touches.filter(user=lead, what="payee").exists()


def test_same_consent_keeps_its_moment_and_other_means_drop_it() -> None:
    with time_machine.travel(AT, tick=False):
        refund = make_refund(means="store_credit")

    again = wish("90.00", means="store_credit")
    refund = requesting.change_refund(refund.pk, again, actor=refund.requested_by)
    assert (refund.consent, refund.consented_at) == (BY_PHONE.words, AT)
    refund = requesting.change_refund(refund.pk, wish(), actor=refund.requested_by)

    assert recorded(refund) == ("", None, None, None)


@pytest.mark.parametrize(
    ("means", "change"),
    [
        ("store_credit", "consent = ''"),
        ("original", "consent = 'by phone'"),
        ("original", "consented_at = now()"),
    ],
)
def test_database_refuses_credit_without_consent_and_consent_without_credit(
    means: str, change: str
) -> None:
    refund = make_refund(means=means)

    with pytest.raises(IntegrityError, match="refund_credit_has_consent"), transaction.atomic():
        _sql(f"UPDATE returns_refund SET {change} WHERE id = %s", refund.pk)


def test_database_keeps_the_consent_once_it_was_submitted() -> None:
    refund = submit(make_refund(means="store_credit"))

    with pytest.raises(IntegrityError, match="cannot be edited"), transaction.atomic():
        _sql("UPDATE returns_refund SET consent = 'other words' WHERE id = %s", refund.pk)


def test_credit_from_before_the_rule_is_not_submitted_without_consent() -> None:
    refund = make_refund(means="store_credit")
    told = "consent = 'not recorded', consented_at = NULL"
    _sql(f"UPDATE returns_refund SET {told} WHERE id = %s", refund.pk)

    with pytest.raises(RuleViolated) as refusal:
        submit(refund)

    assert refusal.value.code == "consent_missing"
    assert Refund.objects.get(pk=refund.pk).status == S.DRAFT


def _sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_lead_sees_how_and_when_the_customer_agreed() -> None:
    lead, agent = make_money_lead(), make_user()
    ticket, payment = paid_case(agent)
    message = says(ticket, "Please put it on my account as credit.")
    refund = submit(ask(ticket, payment, agent, Consent(message=message.pk, words="read twice")))

    page = sign_in(lead).get(INBOX, {"refund": refund.pk}).content.decode()
    approving.approve_refund(refund.pk, actor=lead, voice=fresh())

    assert "Message of the customer · read twice, 9 Mar 2026, 14:20" in page
    assert "Please put it on my account as credit." in page
    assert Refund.objects.get(pk=refund.pk).status == S.APPROVED


def test_who_does_not_see_the_case_does_not_read_the_message() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)
    message = says(ticket, "Please put it on my account as credit.")
    refund = submit(ask(ticket, payment, agent, Consent(message=message.pk)))
    finance = sign_in(make_user(Role.FINANCE, department=None))

    page = finance.get(f"/admin/returns/refund/{refund.pk}/change/").content.decode()

    assert "Message of the customer" in page
    assert "on my account" not in page


def test_agent_names_the_message_on_the_case_page() -> None:
    agent = make_user()
    ticket, _payment = paid_case(agent)
    message = says(ticket)
    credit = REFUND | {"means": "store_credit"}

    refused = do(agent, ticket, "refund", **credit)
    assert "express consent" in refused.content.decode()
    assert not Refund.objects.exists()
    do(agent, ticket, "refund", **credit, consent_from=f"message:{message.pk}")

    assert Refund.objects.get().consent_message == message


def test_consent_typed_and_then_not_needed_is_left_out() -> None:
    agent = make_user()
    ticket, _payment = paid_case(agent)

    do(agent, ticket, "refund", **REFUND, consent="By phone: agrees")

    assert (Refund.objects.get().means, Refund.objects.get().consent) == ("original", "")


def test_api_takes_and_tells_the_consent() -> None:
    agent = make_user()
    ticket, payment = paid_case(agent)
    message = says(ticket)
    body = {
        "shop": "cn",
        "order": payment.order.external_id,
        "payment": payment.external_id,
        "case": ticket.number,
        "amount": "50.00",
        "currency": "CNY",
        "reason": "price",
        "means": "store_credit",
    }
    caller = Caller(agent)

    without = caller.post("refunds/", body)
    answer = caller.post("refunds/", body | {"consent": {"message": message.pk}})

    assert (without.status_code, without.json()["error"]["code"]) == (422, "consent_missing")
    assert answer.status_code == 201
    assert answer.json()["consent"] == {
        "words": "",
        "message": message.pk,
        "proposal": None,
        "agreed_at": "2026-03-09T14:20:00+08:00",
    }
