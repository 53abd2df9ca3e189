"""The approval inbox: what is shown, asked for and refused there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from returns.models import ApprovalRequest, Refund
from returns.money_statuses import RefundStatus as S
from returns.services.money import approving, requesting
from returns.services.money.approving import Voice
from staff.models import Delegation
from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.money import (
    DEAR,
    fresh,
    make_money_lead,
    make_payment,
    make_refund,
    part_of_all,
    submit,
    wish,
)
from tests.factories.people import make_user
from tests.returns.money.approvals import INBOX, PASSWORD, ask_people, decide, sign_in

pytestmark = pytest.mark.django_db


def test_inbox_shows_what_the_decision_needs() -> None:
    refund = submit(make_refund(payment := make_payment(), amount="120.50"))
    client = sign_in(make_money_lead())

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()

    assert "120.50" in page
    assert refund.number in page
    assert f"alipay {payment.external_id}" in page
    assert "One lead · 1 person" in page
    assert "Requested it" in page
    assert "0 refunds, 0.00 CNY; declined: 0" in page


@pytest.mark.parametrize(
    ("language", "chip", "fact"),
    [
        ("en", "in 2 d 3 h", "<dd>30 Nov 2026, 09:09</dd>"),
        ("zh-hans", "还剩2天3小时", "<dd>2026年11月30日 09:09</dd>"),
    ],
)
@time_machine.travel("2026-11-27T22:00:00Z", tick=False)
def test_inbox_says_how_long_is_left_and_until_when(language: str, chip: str, fact: str) -> None:
    refund = submit(make_refund())
    request = refund.approval_requests.get()
    ApprovalRequest.objects.filter(pk=request.pk).update(
        expires_at=datetime(2026, 11, 30, 1, 9, tzinfo=UTC)
    )

    page = sign_in(make_money_lead()).get(
        INBOX, {"refund": refund.pk}, headers={"accept-language": language}
    )

    assert chip in page.content.decode()
    assert fact in page.content.decode()


def test_lead_approves_declines_and_asks_back() -> None:
    client = sign_in(make_money_lead())
    first, second, third = (submit(make_refund()) for _number in range(3))

    decide(client, first, "approve")
    decide(client, second, "decline", note="no proof at all")
    decide(client, third, "ask_back", note="which batch is it?")

    statuses = [Refund.objects.get(pk=one.pk).status for one in (first, second, third)]
    assert statuses == [S.APPROVED, S.DECLINED, S.DRAFT]


def test_requester_is_told_and_refused() -> None:
    lead = make_money_lead()
    refund = submit(make_refund(actor=lead))
    client = sign_in(lead)

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()
    answer = decide(client, refund, "approve")

    assert "somebody else has to approve it" in page
    assert b"cannot approve it" in answer.content
    refund.refresh_from_db()
    assert refund.status == S.SUBMITTED


def test_sum_above_the_limit_asks_for_the_password() -> None:
    lead = make_money_lead()
    refund = submit(make_refund(make_payment("900.00"), amount="600.00"))
    client = sign_in(lead)

    without = decide(client, refund, "approve")
    wrong = decide(client, refund, "approve", password="guess", note="seen the photos")
    refund.refresh_from_db()
    assert refund.status == S.SUBMITTED
    right = decide(client, refund, "approve", password=PASSWORD)

    assert b"Enter your password again" in without.content
    assert b"This password is wrong." in wrong.content
    assert b"seen the photos" in wrong.content
    assert right.status_code == 302
    refund.refresh_from_db()
    assert refund.status == S.APPROVED


def test_sum_raised_since_it_was_requested_asks_for_the_password() -> None:
    refund = submit(make_refund(payment := make_payment("9000.00"), amount="400.00"))
    submit(make_refund(payment, amount="1900.00"))
    client = sign_in(make_money_lead())
    asked_at_first = refund.approval_requests.get()

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()
    without = decide(client, refund, "approve").content.decode()
    right = decide(client, refund, "approve", password=PASSWORD)

    assert not asked_at_first.asks_password
    assert 'type="password" name="password"' in page
    assert f'name="refund" value="{refund.pk}"' not in page
    assert "Enter your password again" in without
    assert 'type="password" name="password"' in without
    assert right.status_code == 302
    refund.refresh_from_db()
    assert refund.status == S.APPROVED


def test_people_needed_since_it_was_requested_are_shown() -> None:
    refund = submit(make_refund(payment := make_payment("9000.00"), amount="400.00"))
    submit(make_refund(payment, amount="8000.00"))
    client = sign_in(make_money_lead())

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()

    assert refund.approval_requests.get().needed_count == 1
    assert "Two leads · 2 people" in page
    assert page.count("0 of 2 approved") == 2


def shown(client: Client) -> tuple[int, int]:
    """How many rows say that none, and that one of two approved."""
    page = client.get(INBOX).text
    return page.count("0 of 2 approved"), page.count("1 of 2 approved")


@pytest.mark.parametrize("is_proven", [False, True], ids=["without-password", "with-password"])
def test_shown_voices_are_those_that_decide(is_proven: bool) -> None:
    """One of two agreed, then another refund of the order made the tier ask for a password."""
    ask_people(2)
    payment = make_payment("9000.00", lines=[DEAR])
    refund = submit(make_refund(payment, amount="450.00", lines=part_of_all(payment, "450.00")))
    voice = fresh() if is_proven else Voice()
    approving.approve_refund(refund.pk, actor=make_money_lead(), voice=voice)
    client = sign_in(make_money_lead())
    at_first = shown(client)
    submit(make_refund(payment, amount="460.00", lines=part_of_all(payment, "460.00")))

    raised = shown(client)
    decide(client, refund, "approve", password=PASSWORD)

    assert (at_first, raised) == ((0, 1), (1, 1) if is_proven else (2, 0))
    refund.refresh_from_db()
    assert refund.status == (S.APPROVED if is_proven else S.SUBMITTED)
    assert shown(client) == ((1, 0) if is_proven else (1, 1))


def test_voice_of_who_lost_the_role_is_not_shown() -> None:
    ask_people(2)
    refund = submit(make_refund(make_payment("9000.00"), amount="400.00"))
    first = make_money_lead()
    approving.approve_refund(refund.pk, actor=first)
    client = sign_in(make_money_lead())

    before = shown(client)
    first.roles = [Role.AGENT]
    first.save()

    assert (before, shown(client)) == ((0, 1), (1, 0))


def test_deputy_decides_in_the_givers_name() -> None:
    giver = make_money_lead(display_name="Mei")
    deputy = make_money_lead()
    client = sign_in(giver)
    client.post(
        "/admin/staff/delegation/add/",
        {
            "delegate": deputy.pk,
            "starts_at_0": "2020-01-01",
            "starts_at_1": "00:00",
            "ends_at_0": "2100-01-01",
            "ends_at_1": "00:00",
            "reason": "on leave",
            "currency": "",
        },
    )
    assert Delegation.objects.get().giver == giver
    refund = submit(make_refund())

    decide(sign_in(deputy), refund, "approve", principal=str(giver.pk))

    decision = refund.decisions.get()
    assert (decision.decided_by, decision.principal) == (deputy, giver)
    page = sign_in(deputy).get(f"/admin/returns/refund/{refund.pk}/change/").content.decode()
    assert "on behalf of Mei" in page


def test_refusal_stands_in_the_form_with_what_was_typed_and_chosen() -> None:
    giver, deputy = make_money_lead(), make_money_lead()
    Delegation(
        giver=giver,
        delegate=deputy,
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=1),
        reason="on leave",
    ).save()
    refund = submit(make_refund(make_payment("900.00"), amount="600.00"))

    page = decide(
        sign_in(deputy), refund, "approve", principal=str(giver.pk), note="seen the photos"
    ).content.decode()

    form = page[page.index("m-verbs") :]
    alert = form.index('role="alert">Enter your password again to approve this sum.')
    assert alert < form.index('id="m-note"')
    assert page.count("Enter your password again") == 1
    assert ">seen the photos</textarea>" in form
    assert f'<option value="{giver.pk}" selected>' in form


def ticks(refunds: Iterable[Refund]) -> list[str]:
    """The boxes as the list offers them now."""
    return [f"{one.pk}:{one.approval_requests.get(status='open').digest}" for one in refunds]


def test_batch_takes_small_ones_and_never_what_needs_a_look() -> None:
    client = sign_in(make_money_lead())
    payment = make_payment()
    small = [submit(make_refund()) for _number in range(2)]
    odd = [submit(make_refund(payment)) for _number in range(2)]

    client.post(f"{INBOX}batch/", {"refund": ticks((*small, odd[1]))})
    untouched = [Refund.objects.get(pk=one.pk).status for one in small]
    client.post(f"{INBOX}batch/", {"refund": ticks(small)})

    assert untouched == [S.SUBMITTED, S.SUBMITTED]
    assert {Refund.objects.get(pk=one.pk).status for one in small} == {S.APPROVED}
    assert odd[1].holds.get().reasons[0]["code"] == "same_amount"


def test_batch_is_bound_to_what_the_list_showed() -> None:
    client = sign_in(make_money_lead())
    one, other = (submit(make_refund()) for _number in range(2))
    page = client.get(INBOX).content.decode()
    shown = re.findall(r'name="refund" value="(\d+:[0-9a-f]{64})"', page)
    requesting.change_refund(one.pk, wish("350.00"), actor=one.requested_by)
    submit(one)

    answer = client.post(f"{INBOX}batch/", {"refund": shown}, follow=True).content.decode()

    assert sorted(shown) != sorted(ticks([one]))
    assert f"{one.number}: This refund changed meanwhile" in answer
    assert [Refund.objects.get(pk=row.pk).status for row in (one, other)] == [
        S.SUBMITTED,
        S.APPROVED,
    ]
    assert not one.decisions.exists()


@pytest.mark.parametrize("tick", ["{pk}", "{pk}:", "{pk}:" + "0" * 64])
def test_batch_without_what_was_shown_approves_nothing(tick: str) -> None:
    refund = submit(make_refund())

    sign_in(make_money_lead()).post(f"{INBOX}batch/", {"refund": tick.format(pk=refund.pk)})

    refund.refresh_from_db()
    assert (refund.status, refund.decisions.count()) == (S.SUBMITTED, 0)


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_decision_without_what_was_shown_is_refused(digest: str) -> None:
    refund = submit(make_refund())

    answer = decide(sign_in(make_money_lead()), refund, "approve", digest=digest)

    refund.refresh_from_db()
    assert "changed meanwhile" in answer.content.decode()
    assert (refund.status, refund.decisions.count()) == (S.SUBMITTED, 0)


def test_api_approves_only_what_the_caller_names() -> None:
    refund, lead = submit(make_refund()), make_money_lead()
    seen = refund.approval_requests.get().digest
    caller, path = Caller(lead), f"refunds/{refund.number}/approve/"

    answers = [caller.post(path, body) for body in ({}, {"digest": ""}, {"digest": "0" * 64})]
    before = Refund.objects.get(pk=refund.pk).status
    right = caller.post(path, {"digest": seen})

    assert ([one.status_code for one in answers], before) == ([400, 400, 422], S.SUBMITTED)
    assert (right.status_code, right.json()["status"]) == (200, "approved")


def approved_by_one() -> Refund:
    refund = submit(make_refund(make_payment("9000.00"), amount="400.00"))
    approving.approve_refund(refund.pk, actor=make_money_lead())
    return refund


def test_inbox_costs_the_same_at_one_and_at_three() -> None:
    ask_people(2)
    client = sign_in(make_money_lead())
    approved_by_one()
    client.get(INBOX)
    with CaptureQueriesContext(connection) as one:
        client.get(INBOX)
    for _number in range(2):
        approved_by_one()

    with CaptureQueriesContext(connection) as three:
        page = client.get(INBOX).text

    assert page.count("1 of 2 approved") == 3
    assert len(three) == len(one)


def test_inbox_of_another_department_is_empty() -> None:
    from tests.factories.people import make_department  # noqa: PLC0415 -- only here

    refund = submit(make_refund())
    stranger = make_user(Role.LEAD, department=make_department("elsewhere"))
    client = sign_in(stranger)

    assert refund.number not in client.get(INBOX).content.decode()
    assert decide(client, refund, "approve").status_code == 404
    assert client.get(f"/admin/returns/refund/{refund.pk}/change/").status_code == 404
