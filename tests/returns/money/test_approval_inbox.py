"""The approval inbox: what is shown, asked for and refused there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.kernel.clock import now
from returns.models import Refund
from returns.money_statuses import RefundStatus as S
from staff.models import Delegation
from staff.roles import Role
from tests.factories.money import (
    make_money_lead,
    make_payment,
    make_refund,
    submit,
)
from tests.factories.people import make_user
from tests.returns.money.approvals import INBOX, PASSWORD, decide, sign_in

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
    assert "0 refunds, 0 CNY; declined: 0" in page


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


def test_what_changed_since_it_was_shown_is_not_approved() -> None:
    refund = submit(make_refund())
    client = sign_in(make_money_lead())

    answer = decide(client, refund, "approve", digest="0" * 64)

    assert b"changed meanwhile" in answer.content
    refund.refresh_from_db()
    assert refund.status == S.SUBMITTED


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


def test_batch_takes_small_ones_and_never_what_needs_a_look() -> None:
    client = sign_in(make_money_lead())
    payment = make_payment()
    small = [submit(make_refund()) for _number in range(2)]
    odd = [submit(make_refund(payment)) for _number in range(2)]

    client.post(f"{INBOX}batch/", {"refund": [one.pk for one in (*small, odd[1])]})
    untouched = [Refund.objects.get(pk=one.pk).status for one in small]
    client.post(f"{INBOX}batch/", {"refund": [one.pk for one in small]})

    assert untouched == [S.SUBMITTED, S.SUBMITTED]
    assert {Refund.objects.get(pk=one.pk).status for one in small} == {S.APPROVED}
    assert odd[1].holds.get().reasons[0]["code"] == "same_amount"


def test_inbox_costs_the_same_at_one_and_at_three() -> None:
    client = sign_in(make_money_lead())
    submit(make_refund())
    client.get(INBOX)
    with CaptureQueriesContext(connection) as one:
        client.get(INBOX)
    for _number in range(2):
        submit(make_refund())

    with CaptureQueriesContext(connection) as three:
        client.get(INBOX)

    assert len(three) == len(one)


def test_inbox_of_another_department_is_empty() -> None:
    from tests.factories.people import make_department  # noqa: PLC0415 -- only here

    refund = submit(make_refund())
    stranger = make_user(Role.LEAD, department=make_department("elsewhere"))
    client = sign_in(stranger)

    assert refund.number not in client.get(INBOX).content.decode()
    assert decide(client, refund, "approve").status_code == 404
    assert client.get(f"/admin/returns/refund/{refund.pk}/change/").status_code == 404
