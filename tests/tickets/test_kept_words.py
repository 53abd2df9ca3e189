"""Reasons of the machine are kept in both languages, whatever language its process speaks."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from aftersales.kernel.errors import InvalidTransition
from aftersales.kernel.refs import MARK
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent, JournalEntry
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tests.kept import kept
from tests.tickets.mails import mail
from tickets import files
from tickets.models import FollowUp, Macro, Ticket
from tickets.services import macros, opening
from tickets.services.intake import Arrival, door
from tickets.services.opening import Words
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])


@LANGUAGES
def test_a_verdict_says_the_same_whoever_reached_it(language: str) -> None:
    crowd = ", ".join(f"a{number}@example.org" for number in range(101))

    with translation.override(language):
        reasons = [
            reason_of(mail(From="")),
            reason_of(mail(To=crowd)),
            reason_of(mail(Precedence="bulk")),
        ]

    assert reasons == [
        kept("没有发件人地址。 / No sender address."),
        kept("同时发送给101人。 / Sent to 101 people at once."),
        kept("群发邮件： Precedence: bulk / Bulk mail: Precedence: bulk"),
    ]


def reason_of(raw: bytes) -> str:
    """Why the row of a mail that has just come in became what it is."""
    arrival = Arrival(channel="mail", raw=raw)
    row, _is_new = door.store(arrival, files.put(raw), actor=system_actor())
    return door.process(row.pk, actor=system_actor()).reason


@LANGUAGES
def test_what_the_customers_words_did_is_said_in_both_languages(language: str) -> None:
    lead = make_user(Role.LEAD)
    waiting = make_ticket_in(TicketStatus.PENDING, lead)
    resolved = make_ticket_in(TicketStatus.RESOLVED, lead)

    with translation.override(language):
        for ticket in (waiting, resolved):
            words = Words(body="It is broken again.", channel="mail")
            opening.receive_message(ticket.pk, words, actor=system_actor())

    notes = AuditEvent.objects.filter(code__in=["tickets.resumed", "tickets.reopened"])
    assert list(notes.order_by("id").values_list("note", flat=True)) == [
        kept("客户已答复。 / The customer answered."),
        kept("客户再次来信。 / The customer wrote again."),
    ]


@LANGUAGES
def test_a_macro_is_named_in_both_languages(language: str) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    macro = Macro.objects.create(
        name="Ask",
        name_zh="询问",
        visibility="all",
        set_status="pending",
        follow_up_kind="other",
        follow_up_days=1,
    )

    with translation.override(language):
        macros.apply_macro(ticket.pk, macro.pk, actor=agent)

    assert FollowUp.objects.get().text == kept("询问 / Ask")
    assert AuditEvent.objects.get(code="tickets.waiting").note == (
        kept("通过快捷操作“询问” / By macro “Ask”")
    )
    told = JournalEntry.objects.filter(table_name="tickets_ticket", operation="update")
    assert kept("通过快捷操作“询问” / By macro “Ask”") in told.values_list("reason", flat=True)


def test_a_refusal_is_read_in_the_language_of_the_reader() -> None:
    ticket = Ticket(number="T-000001", status=TicketStatus.CLOSED)

    with translation.override("zh-hans"), pytest.raises(InvalidTransition) as caught:
        move(ticket, TicketStatus.PENDING)

    with translation.override("en"):
        english = str(caught.value)
    with translation.override("zh-hans"):
        chinese = str(caught.value)
    assert english == (
        "T-000001 is “Closed” and cannot become “Waiting for customer”."
        " Possible now: nothing, this is final."
    )
    assert chinese == "T-000001当前为“已关闭”，不能变为“等待客户”。目前可以变为：无，已是最终状态。"


@pytest.mark.parametrize(
    ("language", "own", "other"),
    [
        ("zh-hans", "通过快捷操作“询问”", "By macro “Ask”"),
        ("en", "By macro “Ask”", "通过快捷操作“询问”"),
    ],
)
def test_every_page_says_it_in_the_language_of_its_reader(
    language: str, own: str, other: str
) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    macro = Macro.objects.create(
        name="Ask",
        name_zh="询问",
        visibility="all",
        set_status="pending",
        follow_up_kind="other",
        follow_up_days=1,
    )
    macros.apply_macro(ticket.pk, macro.pk, actor=lead)
    client = Client(headers={"accept-language": language})
    client.force_login(lead)

    for address in (
        f"/admin/tickets/ticket/{ticket.number}/change/",
        f"/admin/compliance/journalentry/object/tickets.ticket/{ticket.pk}/",
        f"/api/v1/tickets/{ticket.number}/events/",
    ):
        page = client.get(address).content.decode()
        assert (own in page, other in page, MARK in page) == (True, False, False), address
    follow_ups = client.get("/admin/tickets/followup/").content.decode()
    assert (MARK in follow_ups, "询问 / " in follow_ups) == (False, False)
