"""Faults and wrong deliveries: consumer law 24, three guarantees 9–12, regulations 18."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from returns.choices import Claim, ReturnKind
from returns.eligibility import Facts, Outcome, Quality, Verdict, judge

RECEIVED = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LATE = Quality(
    return_end=RECEIVED + 7 * DAY,
    exchange_end=RECEIVED + 15 * DAY,
    warranty_end=RECEIVED + 365 * DAY,
)


def judged(days: int, kind: str = ReturnKind.RETURN_AND_REFUND, **overrides: Any) -> Verdict:
    values: dict[str, Any] = {
        "claim": Claim.DEFECT,
        "kind": kind,
        "noticed_at": RECEIVED + days * DAY,
        "quality": LATE,
    }
    return judge(Facts(**(values | overrides)))


def decided(verdict: Verdict) -> tuple[str, str]:
    return verdict.decided_by, verdict.outcome


def test_q01_fault_told_within_7_days_gives_the_choice_consumer_law_24() -> None:
    for kind in (ReturnKind.RETURN_AND_REFUND, ReturnKind.EXCHANGE, ReturnKind.REPAIR):
        assert decided(judged(6, kind)) == ("Q01", Outcome.ELIGIBLE)


def test_q01_does_not_decide_what_never_arrived() -> None:
    assert decided(judged(6, claim=Claim.NOT_RECEIVED)) == ("Q05", Outcome.NEEDS_PERSON)


def test_q02_listed_goods_are_exchanged_within_15_days_three_guarantees_10() -> None:
    listed = frozenset({"three_guarantees"})

    assert decided(judged(14, ReturnKind.EXCHANGE, traits=listed)) == ("Q02", Outcome.ELIGIBLE)
    assert decided(judged(14, traits=listed)) == ("Q05", Outcome.NEEDS_PERSON)
    assert decided(judged(15, ReturnKind.EXCHANGE, traits=listed))[0] == "Q05"


def test_q02_does_not_apply_to_other_goods() -> None:
    assert decided(judged(14, ReturnKind.EXCHANGE)) == ("Q05", Outcome.NEEDS_PERSON)


def test_q03_second_failed_repair_ends_in_exchange_or_return_three_guarantees_11() -> None:
    once = Quality(**{**_values(LATE), "failed_repairs": 1})
    twice = Quality(**{**_values(LATE), "failed_repairs": 2})

    assert decided(judged(100, quality=once)) == ("Q05", Outcome.NEEDS_PERSON)
    assert decided(judged(100, quality=twice)) == ("Q03", Outcome.ELIGIBLE)
    assert decided(judged(100, ReturnKind.EXCHANGE, quality=twice)) == ("Q03", Outcome.ELIGIBLE)


def test_q03_late_repair_is_exchanged_three_guarantees_12() -> None:
    late = Quality(**{**_values(LATE), "is_repair_overdue": True})

    assert decided(judged(100, ReturnKind.EXCHANGE, quality=late)) == ("Q03", Outcome.ELIGIBLE)
    assert decided(judged(100, quality=late)) == ("Q05", Outcome.NEEDS_PERSON)


def test_q04_within_warranty_is_repaired_regulations_18() -> None:
    assert decided(judged(364, ReturnKind.REPAIR)) == ("Q04", Outcome.ELIGIBLE)
    assert decided(judged(365, ReturnKind.REPAIR)) == ("Q05", Outcome.NEEDS_PERSON)


def test_q05_nothing_else_is_looked_at_by_a_person_and_never_refused() -> None:
    assert decided(judged(4000)) == ("Q05", Outcome.NEEDS_PERSON)


def test_q01_asks_a_person_where_no_delivery_is_known() -> None:
    for claim in (Claim.DEFECT, Claim.NOT_RECEIVED):
        verdict = judged(1, claim=claim, quality=Quality())

        assert decided(verdict) == ("Q01", Outcome.NEEDS_PERSON)
        assert verdict.deciding.en == (
            "That you received it is not on record, so a person looks at it."
        )


def _values(quality: Quality) -> dict[str, Any]:
    names = Quality.__dataclass_fields__
    return {name: getattr(quality, name) for name in names}
