"""Who follows a case hears what others do on it: once, not of the own doing, not out of sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import translation

from aftersales.kernel.clock import now
from staff.models import Notice, NoticePreference, User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_proposal, make_ticket, make_ticket_in
from tests.tickets.timing import RunJobs
from tickets import sweeps
from tickets.models import Ticket
from tickets.services import conversation, handling, joining, opening, outcome, proposals
from tickets.services.opening import Words
from tickets.statuses import TicketStatus as S

pytestmark = pytest.mark.django_db


def followed(status: S = S.OPEN) -> tuple[Ticket, User, User]:
    """A case, the lead who works on it, and somebody elsewhere who follows it."""
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in(status, lead)
    watcher = make_user(department=make_department("elsewhere"), email="w@desk.example.com")
    handling.watch(ticket.pk, actor=lead, user=watcher)
    return ticket, lead, watcher


def round_of_notices() -> list[str]:
    """What the next rounds tell, two of them, after what can be taken back no longer can."""
    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        sweeps.tell_watchers()
        sweeps.tell_watchers()
    return [notice.title for notice in Notice.objects.order_by("id")]


def customer_writes(ticket: Ticket, words: str = "Any news?", **more: bool) -> None:
    said = Words(body=words, channel="mail", **more)
    opening.receive_message(ticket.pk, said, actor=system_actor())


def result_told(ticket: Ticket, lead: User) -> None:
    outcome.tell_result(ticket.pk, actor=lead, body="Settled.")


def merged_by_mistake(ticket: Ticket, lead: User) -> None:
    joining.merge_tickets(ticket.pk, make_ticket(lead).pk, actor=lead, is_sure=True)
    joining.unmerge_ticket(ticket.pk, actor=lead, note="another jacket")


@pytest.mark.parametrize(
    ("status", "act", "titles"),
    [
        (S.OPEN, lambda t, a: customer_writes(t), ["The customer wrote on {case}"]),
        (S.PENDING, lambda t, a: customer_writes(t), ["The customer wrote on {case}"]),
        (S.RESOLVED, lambda t, a: customer_writes(t), ["{case} was reopened"]),
        (S.OPEN, lambda t, a: customer_writes(t, is_automatic=True), []),
        (
            S.OPEN,
            lambda t, a: conversation.reply(t.pk, actor=a, body="Sent.", then=S.PENDING),
            ["{by} answered the customer on {case}"],
        ),
        (
            S.OPEN,
            lambda t, a: proposals.decline_proposal(make_proposal(t, a).pk, actor=a),
            ["{by} answered the customer on {case}", "The customer wrote on {case}"],
        ),
        (
            S.NEW,
            lambda t, a: handling.wait(t.pk, actor=a, status=S.ON_HOLD, note="carrier"),
            ["{case} is now “Waiting for others”"],
        ),
        (S.NEW, lambda t, a: handling.resume(t.pk, actor=a), ["{case} is now “In progress”"]),
        (S.OPEN, result_told, ["{case} is now “Resolved”"]),
        (
            S.RESOLVED,
            lambda t, a: outcome.reopen_ticket(t.pk, actor=a, note="not settled"),
            ["{case} was reopened"],
        ),
        (
            S.PENDING,
            merged_by_mistake,
            ["{case} is now “Canceled”", "{case} is now “Waiting for customer”"],
        ),
        (S.OPEN, lambda t, a: conversation.note(t.pk, actor=a, body="Checked."), []),
    ],
)
def test_followers_hear_of_each_cause_once(
    status: S, act: Callable[[Ticket, User], object], titles: list[str]
) -> None:
    ticket, lead, watcher = followed(status)

    act(ticket, lead)

    told = round_of_notices()
    assert told == [title.format(case=ticket.number, by=lead) for title in titles]
    assert set(Notice.objects.values_list("recipient_id", "case_id", "urgency")) <= {
        (watcher.pk, ticket.pk, "low")
    }


def test_own_doings_and_recalled_answers_are_not_told() -> None:
    ticket, lead, _watcher = followed()
    handling.watch(ticket.pk, actor=lead, user=lead)

    handling.wait(ticket.pk, actor=lead, status=S.PENDING)
    recalled = conversation.reply(ticket.pk, actor=lead, body="Wrong case")
    conversation.undo_reply(recalled.pk, actor=lead)

    assert round_of_notices() == [f"{ticket.number} is now “Waiting for customer”"]
    assert Notice.objects.exclude(recipient=lead).count() == 1


def test_an_answer_that_can_be_recalled_is_not_told_yet() -> None:
    ticket, lead, _watcher = followed()

    conversation.reply(ticket.pk, actor=lead, body="Sent today.")
    sweeps.tell_watchers()

    assert Notice.objects.count() == 0
    assert len(round_of_notices()) == 1


def test_who_lost_every_role_left_or_follows_only_since_is_not_told() -> None:
    ticket, lead, watcher = followed()
    gone = make_user(is_active=True)
    handling.watch(ticket.pk, actor=lead, user=gone)
    customer_writes(ticket)
    handling.watch(ticket.pk, actor=lead, user=make_user())
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    watcher.roles = []
    watcher.save(update_fields=["roles"])

    assert round_of_notices() == []


def test_words_are_in_the_readers_language() -> None:
    ticket, lead, _watcher = followed()
    handling.wait(ticket.pk, actor=lead, status=S.PENDING)
    round_of_notices()

    told = Notice.objects.get()

    assert told.body == "You follow this case."
    with translation.override("zh-hans"):
        assert str(S.PENDING.label) in told.title


@pytest.mark.parametrize("wants_mail", [False, True])
def test_mail_goes_only_to_who_wishes_it(wants_mail: bool, run_jobs: RunJobs) -> None:
    ticket, _lead, watcher = followed()
    NoticePreference(user=watcher, mail_low=wants_mail).save()
    customer_writes(ticket)

    with time_machine.travel(now() + timedelta(minutes=1), tick=False):
        sweeps.tell_watchers()
        run_jobs()

    assert [sent.to for sent in mail.outbox] == [["w@desk.example.com"]] * wants_mail


def test_round_costs_the_same_however_much_was_told_before(
    django_assert_num_queries: Callable[..., object],
) -> None:
    ticket, _lead, _watcher = followed()
    for _ in range(3):
        customer_writes(ticket)
    assert len(round_of_notices()) == 3

    travel = time_machine.travel(now() + timedelta(minutes=1), tick=False)
    with travel, django_assert_num_queries(8):
        sweeps.tell_watchers()
