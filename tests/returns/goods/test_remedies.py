"""Repairs with quote and consent, compensations within their limits, policies in versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from customers.services import merge_customers
from returns.models import (
    Compensation,
    CompensationGrant,
    Refund,
    Repair,
    ReturnAuthorization,
    ReturnPolicy,
)
from returns.queries.costs import compensation_costs
from returns.services import compensating, promising, repairing, settling
from returns.services.promising import Terms
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import SIGNED_AT, make_policy, make_return, make_return_ticket
from tests.returns.goods.test_settling import bring_back

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

D = Decimal
DAY = timedelta(days=1)


def refused(call: Callable[[], Any], error: type[DomainError]) -> str:
    before = snapshot()
    with pytest.raises(error) as refusal:
        call()
    assert snapshot() == before
    return getattr(refusal.value, "code", "")


def snapshot() -> tuple[Any, ...]:
    return (
        list(Repair.objects.order_by("pk").values()),
        list(CompensationGrant.objects.order_by("pk").values()),
        list(ReturnPolicy.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
        Refund.objects.count(),
    )


def to_repair(lead: User, **overrides: Any) -> ReturnAuthorization:
    values = {"kind": "repair", "claim": "defect"} | overrides
    return bring_back(make_return(actor=lead, **values), make_user(Role.WAREHOUSE))


def fail_once(lead: User, rma: ReturnAuthorization) -> None:
    repair = repairing.plan_repair(rma.items.get().pk, actor=lead, vendor="Zhang")
    repairing.start_repair(repair.pk, actor=lead)
    repairing.finish_repair(repair.pk, actor=lead, is_repaired=False, result="Board is dead")


def test_paid_repair_needs_the_customers_consent(lead: User) -> None:
    rma = to_repair(lead)
    repair = repairing.plan_repair(rma.items.get().pk, actor=lead, vendor="Zhang")
    repairing.quote_repair(repair.pk, actor=lead, amount="80.00")
    start = partial(repairing.start_repair, repair.pk, actor=lead)
    assert refused(start, InvalidTransition) == "invalid_transition"

    repairing.answer_quote(repair.pk, actor=lead, agrees=True, words="Yes, go on")
    start()

    repair.refresh_from_db()
    assert (repair.status, repair.quote, repair.consent, repair.handed_in_at) == (
        "in_repair",
        D("80.00"),
        "Yes, go on",
        SIGNED_AT,
    )


def test_database_refuses_a_paid_repair_without_consent(lead: User) -> None:
    rma = to_repair(lead)
    repair = repairing.plan_repair(rma.items.get().pk, actor=lead, vendor="Zhang")
    repairing.start_repair(repair.pk, actor=lead)
    repair.refresh_from_db()
    repair.quote = D("80.00")

    with pytest.raises(IntegrityError, match="repair_paid_one_has_consent"), transaction.atomic():
        repair.save()


def test_customer_who_does_not_agree_ends_the_repair(lead: User) -> None:
    rma = to_repair(lead)
    repair = repairing.plan_repair(rma.items.get().pk, actor=lead, vendor="Zhang")
    repairing.quote_repair(repair.pk, actor=lead, amount="80.00")

    repairing.answer_quote(repair.pk, actor=lead, agrees=False, words="Too much")

    assert refused(partial(repairing.start_repair, repair.pk, actor=lead), InvalidTransition)
    settling.settle_return(rma.pk, actor=lead)
    rma.refresh_from_db()
    assert rma.status == "closed"


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "1.005", "1e20", "", "abc"])
def test_odd_quotes_are_refused(lead: User, amount: str) -> None:
    rma = to_repair(lead)
    repair = repairing.plan_repair(rma.items.get().pk, actor=lead, vendor="Zhang")

    assert refused(
        partial(repairing.quote_repair, repair.pk, actor=lead, amount=amount), RuleViolated
    )


def test_third_repair_is_refused_three_guarantees_11(lead: User) -> None:
    rma = to_repair(lead)
    fail_once(lead, rma)
    fail_once(lead, rma)
    item = rma.items.get()

    third = partial(repairing.plan_repair, item.pk, actor=lead, vendor="Zhang")

    assert refused(third, RuleViolated) == "second_repair_failed"


def test_after_two_failed_repairs_the_verdict_is_exchange_or_return(lead: User) -> None:
    rma = to_repair(lead)
    fail_once(lead, rma)
    fail_once(lead, rma)
    settling.settle_return(rma.pk, actor=lead)

    with time_machine.travel(SIGNED_AT + 100 * DAY, tick=False):
        again = make_return(
            make_return_ticket(lead, rma.order), lead, claim="defect", noticed_at=now()
        )

    assert (again.outcome, again.verdicts[0][1].decided_by) == ("eligible", "Q03")


def test_one_repair_at_a_time(lead: User) -> None:
    rma = to_repair(lead)
    plan = partial(repairing.plan_repair, rma.items.get().pk, actor=lead, vendor="Zhang")
    plan()

    assert refused(plan, InvalidTransition) == "invalid_transition"


def test_repair_is_overdue_after_30_days_or_90_for_parts_three_guarantees_12(lead: User) -> None:
    rma = to_repair(lead)
    repair = repairing.plan_repair(rma.items.get().pk, actor=lead, vendor="Zhang")
    repairing.start_repair(repair.pk, actor=lead)
    repair.refresh_from_db()

    assert not repair.is_overdue(SIGNED_AT + 30 * DAY)
    assert repair.is_overdue(SIGNED_AT + 31 * DAY)
    repairing.wait_for_parts(repair.pk, actor=lead, note="Screen is on order")
    repair.refresh_from_db()
    assert not repair.is_overdue(SIGNED_AT + 90 * DAY)
    assert repair.is_overdue(SIGNED_AT + 91 * DAY)


def catalogue(means: str = "coupon", **overrides: Any) -> Compensation:
    values = {
        "code": means,
        "name": means.title(),
        "name_zh": "补偿",
        "means": means,
        "most": D("20"),
        "customer_cap": D("50"),
        "budget": D("60"),
    } | overrides
    entry = Compensation(**values)
    entry.save()
    return entry


def give(lead: User, ticket: Any, amount: str = "20.00", code: str = "coupon") -> Any:
    return partial(
        compensating.grant_compensation,
        ticket.pk,
        code,
        actor=lead,
        amount=amount,
        note="late delivery",
    )


def test_compensation_stays_within_grant_cap_and_budget(lead: User) -> None:
    catalogue()
    ticket, other = make_return_ticket(lead), make_return_ticket(lead)
    assert refused(give(lead, ticket, "20.01"), RuleViolated) == "above_grant"
    give(lead, ticket)()
    give(lead, ticket)()
    assert refused(give(lead, ticket), RuleViolated) == "above_cap"
    give(lead, other)()
    assert refused(give(lead, other, "0.01"), RuleViolated) == "above_budget"


def test_cap_counts_what_the_person_got_under_other_records(lead: User) -> None:
    catalogue(customer_cap=D("20"))
    ticket, other = make_return_ticket(lead), make_return_ticket(lead)
    give(lead, other)()
    merge_customers(other.customer_id, ticket.customer_id, actor=lead)

    assert refused(give(lead, ticket, "0.01"), RuleViolated) == "above_cap"


def test_new_period_and_withdrawal_free_the_budget(lead: User) -> None:
    catalogue(customer_cap=D("20"), budget=D("20"))
    ticket = make_return_ticket(lead)
    first = give(lead, ticket)()
    assert refused(give(lead, ticket), RuleViolated) == "above_cap"

    compensating.withdraw_compensation(first.pk, actor=lead, note="wrong customer")
    give(lead, ticket)()
    with time_machine.travel(SIGNED_AT + 31 * DAY, tick=False):
        give(lead, ticket)()

    assert CompensationGrant.objects.filter(status="granted").count() == 2


@pytest.mark.parametrize("amount", ["0", "-5", "NaN", "0.001", "1e30", ""])
def test_odd_compensations_are_refused(lead: User, amount: str) -> None:
    catalogue()

    assert refused(give(lead, make_return_ticket(lead), amount), RuleViolated)


def test_unknown_and_retired_compensations_are_refused(lead: User) -> None:
    catalogue(is_active=False)
    ticket = make_return_ticket(lead)

    assert refused(give(lead, ticket), RuleViolated) == "unknown_compensation"
    assert refused(give(lead, ticket, code="gold"), RuleViolated) == "unknown_compensation"


def test_bench_gives_no_compensation(lead: User) -> None:
    catalogue()
    warehouse = make_user(Role.WAREHOUSE)

    assert refused(give(warehouse, make_return_ticket(lead)), NotPermitted) == "not_permitted"


def test_money_compensation_is_a_refund_of_its_own_kind(lead: User) -> None:
    catalogue("cash")
    ticket = make_return_ticket(lead)

    grant = give(lead, ticket, code="cash")()

    refund = Refund.objects.get()
    assert (refund.kind, refund.amount, refund.status) == ("compensation", D("20.00"), "submitted")
    assert ticket.order.payments.get().reserved == D("0.00")
    withdraw = partial(
        compensating.withdraw_compensation, grant.pk, actor=lead, note="wrong customer"
    )
    assert refused(withdraw, RuleViolated) == "being_paid"


def test_cost_report_counts_what_is_in_force(lead: User) -> None:
    catalogue()
    ticket = make_return_ticket(lead)
    give(lead, ticket, "10.00")()
    wrong = give(lead, ticket, "5.00")()
    compensating.withdraw_compensation(wrong.pk, actor=lead, note="wrong customer")

    (cost,) = compensation_costs(lead, SIGNED_AT - DAY, SIGNED_AT + DAY)

    assert (cost.code, cost.department, cost.count, cost.amount, cost.currency) == (
        "coupon",
        "service",
        1,
        D("10.00"),
        "CNY",
    )


def test_policy_versions_follow_each_other_and_never_change(lead: User) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    first = make_policy("caps", admin, window_days=30)
    terms = Terms(name="Caps", name_zh="帽子", window_days=15)

    second = promising.revise_policy(first.pk, terms, actor=admin, note="too dear")

    first.refresh_from_db()
    assert (first.is_current, first.effective_to, first.window_days) == (False, SIGNED_AT, 30)
    assert (second.version, second.is_current, second.effective_from) == (2, True, SIGNED_AT)
    again = partial(promising.revise_policy, first.pk, terms, actor=admin, note="once more")
    assert refused(again, InvalidTransition) == "invalid_transition"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"name": ""}, "too_short"),
        ({"window_days": -1}, "out_of_range"),
        ({"window_days": 99999}, "out_of_range"),
        ({"tier": "platinum"}, "unknown_choice"),
        ({"covers_exclusions": ["E04"]}, "unknown_exclusion"),
        ({"delivery_fee": D("8")}, "incomplete"),
        ({"effective_to": SIGNED_AT - 900 * DAY}, "ends_before_start"),
    ],
)
def test_odd_policies_are_refused(lead: User, terms: dict[str, Any], code: str) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    values = {"name": "Caps", "name_zh": "帽子"} | terms
    write = partial(promising.write_policy, "caps", Terms(**values), actor=admin)

    assert refused(write, RuleViolated) == code


def test_only_administrators_write_policies(lead: User) -> None:
    write = partial(promising.write_policy, "caps", Terms(name="Caps", name_zh="帽子"), actor=lead)

    assert refused(write, NotPermitted) == "not_permitted"
