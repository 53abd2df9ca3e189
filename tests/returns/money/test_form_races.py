"""The refund form pressed twice at the same moment: two requests on two real connections."""

from __future__ import annotations

import pytest

from returns.models import Refund
from returns.money_statuses import RefundStatus as S
from tests.concurrency.race import race
from tests.factories.money import counters
from tests.factories.people import make_user
from tests.tickets.case_page import REFUND, address, page_of, signed_in, with_paid_order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.mark.parametrize("copies", [2, 4])
def test_form_sent_at_once_from_one_page_is_one_refund(copies: int) -> None:
    agent = make_user()
    ticket = with_paid_order(agent)[0]
    clients, form = [signed_in(agent) for _copy in range(copies)], REFUND | {"once": "c" * 32}
    at = address(ticket, "do/refund")

    outcomes = race(*(lambda client=client: client.post(at, form) for client in clients))

    assert [side.error for side in outcomes] == [None] * copies
    answers = [(side.result.status_code, side.result["Location"]) for side in outcomes]
    assert answers == [(302, page_of(ticket))] * copies
    refund = Refund.objects.get()
    assert refund.status == S.SUBMITTED
    assert counters(refund.payment) == (refund.amount, 0)


def test_form_sent_at_once_from_two_pages_is_two_wishes_and_the_second_is_held() -> None:
    """Control: without a common key both are done; the guard holds what looks like the first."""
    agent = make_user()
    ticket = with_paid_order(agent)[0]
    clients = [signed_in(agent) for _page in range(2)]
    at = address(ticket, "do/refund")

    race(
        *(
            lambda client=client, key=key: client.post(at, REFUND | {"once": key * 32})
            for client, key in zip(clients, "de", strict=True)
        )
    )

    assert Refund.objects.count() == 2
    assert Refund.objects.filter(holds__status="held").count() == 1
