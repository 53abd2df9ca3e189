"""The same cause, hit or delivery from two sides at once has one effect."""

from __future__ import annotations

import threading

import pytest
from django_q.models import OrmQ

from compliance.models import AuditEvent, Finding
from staff.models import Notice, NoticeDelivery
from staff.roles import Role
from staff.services import deliveries, system_actor
from tests.concurrency.race import race, without_locks
from tests.factories.notices import SHOUTED, make_chat, make_finding, tell
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_two_tell_the_same_cause_once_and_the_chat_once() -> None:
    system_actor()
    first, second = make_user(email="a@desk.example"), make_user(email="b@desk.example")
    make_chat("jsons://hooks.example.com/desk")

    outcomes = race(
        *[lambda: tell(first, second, source_key="late:1", code=SHOUTED.code) for _ in range(2)]
    )

    assert [side.error for side in outcomes] == [None, None]
    assert Notice.objects.count() == 2
    channels = NoticeDelivery.objects.order_by("channel").values_list("channel", flat=True)
    assert list(channels) == ["chat", "mail", "mail"]
    assert OrmQ.objects.count() >= 3


def test_two_hits_at_once_are_one_finding_found_twice() -> None:
    system_actor()
    lead = make_user(Role.LEAD)

    outcomes = race(*[lambda: make_finding(lead) for _ in range(2)])

    assert [side.error for side in outcomes] == [None, None]
    assert Finding.objects.get().hit_count == 2
    assert AuditEvent.objects.filter(code="compliance.finding_opened").count() == 1


def test_two_workers_claim_a_delivery_one_gets_it() -> None:
    actor = system_actor()
    tell(make_user(email="a@desk.example"))
    pk = NoticeDelivery.objects.get().pk

    outcomes = race(*[lambda: deliveries.claim_delivery(pk, actor=actor) for _ in range(2)])

    assert sorted(side.result is not None for side in outcomes) == [False, True]
    assert NoticeDelivery.objects.get().attempts == 1


def test_two_workers_claim_a_delivery_without_lock_both_get_it() -> None:
    """Control: the test above proves the lock."""
    actor = system_actor()
    tell(make_user(email="a@desk.example"))
    pk = NoticeDelivery.objects.get().pk

    with without_locks(threading.Barrier(2)):
        outcomes = race(*[lambda: deliveries.claim_delivery(pk, actor=actor) for _ in range(2)])

    assert [side.result is not None for side in outcomes] == [True, True]
