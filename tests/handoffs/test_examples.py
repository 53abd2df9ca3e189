"""Closed cases as examples: nobody can be told from them, a second person lets them be seen."""

from __future__ import annotations

from typing import Any

import pytest

from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from handoffs.masking import mask_text
from handoffs.models import CaseExample
from handoffs.services import examples
from staff.roles import Role
from tests.factories.customers import make_order
from tests.factories.handoffs import make_example
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket_in
from tests.kept import kept
from tickets.services import conversation
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to li.wei+x@example.cn now", "Write to [mail] now"),
        ("Call +86 138 1234 5678 or 13812345678.", "Call [phone] or [phone]."),
        ("电话13812345678，谢谢", "电话[phone]，谢谢"),
        ("Card 6222021234567890123", "Card [number]"),
        ("ID 11010119900307123X", "ID [number]"),
        ("Parcel SF1234567890 and ORD-2026001", "Parcel [number] and [number]"),
        ("See https://x.example/a?b=1 please", "See [link] please"),
        ("寄到浙江省杭州市西湖区文三路1号", "[address]"),
        ("I live at 12 Baker Street in London", "I live at [address] in London"),
        ("Meine Adresse: Hauptstraße 7", "Meine Adresse: [address]"),
        ("3 of 12 caps, 299.00 CNY, on 2026-03-01", "3 of 12 caps, 299.00 CNY, on 2026-03-01"),
    ],
)
def test_shapes_that_lead_to_people_are_masked(text: str, masked: str) -> None:
    assert mask_text(text, []) == masked


def test_known_values_are_masked_whole_and_longest_first() -> None:
    known = [("Ann", "name"), ("Ann Lee", "name"), ("李小明", "name"), ("A", "name"), ("", "x")]

    assert mask_text("Ann Lee and ann saw Anna, 李小明说", known) == (
        "[name] and [name] saw Anna, [name]说"
    )


def test_masked_case_names_nobody() -> None:
    lead = make_user(Role.LEAD)
    order = make_order(customer={"external_id": "C", "name": "Maria Schmidt", "phone": "5550100"})
    ticket = make_ticket_in(
        TicketStatus.CLOSED,
        lead,
        customer=order.customer,
        order=order,
        subject="Schmidt: torn jacket",
        body=(
            f"I am Maria Schmidt, order {order.external_id}, parcel sf100, "
            "mail maria@example.com, phone 13812345678. It is torn."
        ),
    )

    example = make_example(lead, ticket=ticket, title="Maria's sleeve")

    assert example.title == "[name]'s sleeve"
    assert example.body == (
        f"[name]: torn jacket\n\n{kept('客户 / Customer')}:\n"
        "I am [name], order [order], parcel [tracking], "
        f"mail [mail], phone [phone]. It is torn.\n\n{kept('客服 / Desk')}:\n"
        "We send a new jacket.\n\n"
        f"{kept('根本原因 / Root cause')}: Packing knife"
    )


def test_example_is_seen_once_a_second_person_approved() -> None:
    author, lead = make_user(), make_user(Role.LEAD)
    reader = make_user(department=make_department("elsewhere"))
    example = make_example(author)
    assert not CaseExample.objects.visible_to(reader).exists()

    examples.approve_example(example.pk, actor=lead)

    assert list(CaseExample.objects.visible_to(reader)) == [example]
    examples.withdraw_example(example.pk, actor=lead, note="names a firm")
    assert not CaseExample.objects.visible_to(reader).exists()


def test_nobody_approves_their_own(snapshot: Any) -> None:
    lead, agent = make_user(Role.LEAD), make_user()
    example = make_example(lead)
    before = snapshot()

    with pytest.raises(NotPermitted):
        examples.approve_example(example.pk, actor=lead)
    with pytest.raises(CaseExample.DoesNotExist):
        examples.approve_example(example.pk, actor=agent)

    assert snapshot() == before
    example.refresh_from_db()
    assert example.status == "proposed"


def test_only_closed_cases_and_each_once(snapshot: Any) -> None:
    lead, helper = make_user(Role.LEAD), make_user(Role.WAREHOUSE)
    example = make_example(lead)
    resolved = make_ticket_in(TicketStatus.RESOLVED, lead)
    before = snapshot()

    with pytest.raises(RuleViolated, match="Only a closed case"):
        make_example(lead, ticket=resolved)
    with pytest.raises(InvalidTransition):
        make_example(lead, ticket=example.ticket)
    with pytest.raises(NotPermitted):
        make_example(helper, ticket=example.ticket)
    with pytest.raises(RuleViolated):
        examples.withdraw_example(example.pk, actor=lead, note="")

    assert snapshot() == before


@pytest.mark.parametrize(
    ("status", "verb", "allowed"),
    [
        ("proposed", "approve", True),
        ("proposed", "withdraw", True),
        ("approved", "approve", False),
        ("approved", "withdraw", True),
        ("withdrawn", "approve", False),
        ("withdrawn", "withdraw", False),
    ],
)
def test_example_moves_exactly_as_the_table_says(
    status: str, verb: str, allowed: bool, snapshot: Any
) -> None:
    author, lead = make_user(), make_user(Role.LEAD)
    example = make_example(author)
    if status == "approved":
        examples.approve_example(example.pk, actor=lead)
    if status == "withdrawn":
        examples.withdraw_example(example.pk, actor=lead, note="not useful")
    before = snapshot()

    def act() -> CaseExample:
        if verb == "approve":
            return examples.approve_example(example.pk, actor=lead)
        return examples.withdraw_example(example.pk, actor=lead, note="not useful")

    if allowed:
        assert act().status == {"approve": "approved", "withdraw": "withdrawn"}[verb]
        return
    with pytest.raises(InvalidTransition):
        act()
    assert snapshot() == before


@pytest.mark.parametrize("status", ["proposed", "approved"])
def test_an_example_goes_when_words_of_its_case_are_hidden(status: str) -> None:
    lead, other = make_user(Role.LEAD), make_user(Role.LEAD)
    ticket = make_ticket_in(TicketStatus.CLOSED, lead, body="My mother has cancer")
    example = examples.propose_example(ticket.pk, actor=lead, title="A fee", lesson="Ask first")
    if status == "approved":
        examples.approve_example(example.pk, actor=other)

    message = ticket.messages.order_by("pk").first()
    assert message is not None
    conversation.hide_message(message.pk, actor=other, note="about health")

    example.refresh_from_db()
    assert (example.status, example.withdrawn_by) == ("withdrawn", other)
    event = AuditEvent.objects.get(code="handoffs.example_withdrawn")
    assert event.note == kept("该工单有消息被隐藏。 / A message of the case was hidden.")
    conversation.show_message(message.pk, actor=other, note="was not")
    conversation.hide_message(message.pk, actor=other, note="it was after all")
    assert AuditEvent.objects.filter(code="handoffs.example_withdrawn").count() == 1
