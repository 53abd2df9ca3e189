"""Return without a reason: every row of law.md 6.1 by its number, on facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.choices import Claim, FreightPayer, ReturnKind
from returns.eligibility import CHAIN_VERSION, Facts, Outcome, Promise, RowResult, Verdict, judge
from returns.eligibility.facts import TRAITS
from returns.eligibility.sentences import SENTENCES
from returns.eligibility.verdict import combined, digest, thawed

# Signed 24 September 2026; the seventh day is 1 October, a holiday until the 7th: ends on the 8th.
END = datetime(2026, 10, 8, 16, tzinfo=UTC)
IN_TIME = datetime(2026, 10, 8, 15, 59, 59, tzinfo=UTC)


def facts(**overrides: Any) -> Facts:
    values: dict[str, Any] = {
        "claim": Claim.CHANGED_MIND,
        "noticed_at": IN_TIME,
        "window_end": END,
    }
    return Facts(**(values | overrides))


def decided(verdict: Verdict) -> tuple[str, str]:
    return verdict.decided_by, verdict.outcome


def row(verdict: Verdict, rule: str) -> str:
    return next(one.result for one in verdict.rows if one.id == rule)


def excluded(trait: str, **overrides: Any) -> Facts:
    return facts(traits=frozenset({trait}), **overrides)


def test_e01_shop_purchase_has_no_legal_right_consumer_law_25() -> None:
    assert decided(judge(facts(is_remote=False))) == ("E01", Outcome.NOT_ELIGIBLE)


def test_e01_business_buyer_has_no_legal_right_measures_2() -> None:
    assert decided(judge(facts(is_business=True))) == ("E01", Outcome.NOT_ELIGIBLE)


def test_e01_shop_purchase_with_a_promise_for_it_may_come_back() -> None:
    promise = Promise(label="shop v1", window_end=END, covers_counter_sales=True)

    verdict = judge(facts(is_remote=False, promise=promise))

    assert decided(verdict) == ("E02", Outcome.ELIGIBLE)
    assert row(verdict, "E01") == RowResult.ADDS


def test_e01_market_without_known_law_asks_a_person() -> None:
    assert decided(judge(facts(market="US"))) == ("E01", Outcome.NEEDS_PERSON)


def test_e02_longer_promise_applies_after_the_legal_window_measures_5() -> None:
    promise = Promise(label="30 days v2", window_end=END + timedelta(days=22))

    verdict = judge(facts(noticed_at=END, promise=promise))

    assert decided(verdict) == ("E02", Outcome.ELIGIBLE)
    assert "30 days v2" in verdict.deciding.en
    assert "30 days v2" in verdict.deciding.zh


def test_e02_wider_promise_takes_excluded_goods_consumer_law_16() -> None:
    promise = Promise(label="fresh v1", covers=frozenset({"E06"}))

    verdict = judge(excluded("perishable", is_marked_on_page=True, promise=promise))

    assert decided(verdict) == ("E02", Outcome.ELIGIBLE)


def test_e02_promise_for_one_exclusion_does_not_cover_another() -> None:
    promise = Promise(label="fresh v1", covers=frozenset({"E06"}))
    both = facts(
        traits=frozenset({"perishable", "periodical"}), is_marked_on_page=True, promise=promise
    )

    assert decided(judge(both)) == ("E08", Outcome.NOT_ELIGIBLE)


def test_e02_promise_does_not_take_damaged_goods_unseen() -> None:
    promise = Promise(label="30 days v2", window_end=END + timedelta(days=22))

    verdict = judge(facts(noticed_at=END, promise=promise, is_stated_damaged=True))

    assert row(verdict, "E02") == RowResult.ADDS
    assert decided(verdict) == ("E14", Outcome.NEEDS_PERSON)


@pytest.mark.parametrize(
    "claim", [Claim.DEFECT, Claim.WRONG_ITEM, Claim.MISSING_PART, Claim.NOT_AS_DESCRIBED]
)
def test_e03_fault_leaves_for_the_quality_route_at_our_cost_measures_35(claim: str) -> None:
    verdict = judge(facts(claim=claim))

    assert row(verdict, "E03") == RowResult.LEAVES
    assert (verdict.route, verdict.freight) == ("quality", FreightPayer.SHOP)


def test_e03_fault_after_the_window_is_not_refused_as_late() -> None:
    verdict = judge(facts(claim=Claim.DEFECT, noticed_at=END + timedelta(days=100)))

    assert verdict.outcome != Outcome.NOT_ELIGIBLE
    assert row(verdict, "E04") == RowResult.NOT_REACHED


def test_e04_notice_at_the_last_moment_is_in_time_measures_10() -> None:
    assert decided(judge(facts(noticed_at=IN_TIME))) == ("E17", Outcome.ELIGIBLE)


def test_e04_notice_after_the_rolled_day_is_late_and_offers_a_check() -> None:
    verdict = judge(facts(noticed_at=END))

    assert decided(verdict) == ("E04", Outcome.NOT_ELIGIBLE)
    assert verdict.deciding.en == (
        "The time to return without a reason ended on 8 October 2026. "
        "If something is wrong with the article, tell us: we check that separately."
    )
    assert "2026年10月8日" in verdict.deciding.zh


def test_e04_goods_not_yet_delivered_are_in_time() -> None:
    late = facts(window_end=None, noticed_at=END + timedelta(days=365))

    assert decided(judge(late)) == ("E17", Outcome.ELIGIBLE)


def test_e05_made_to_order_marked_and_proven_is_excluded_measures_6_1() -> None:
    proven = facts(traits=frozenset({"made_to_order", "production_proof"}), is_marked_on_page=True)

    assert decided(judge(proven)) == ("E05", Outcome.NOT_ELIGIBLE)


def test_e05_made_to_order_without_production_proof_asks_a_person() -> None:
    verdict = judge(excluded("made_to_order", is_marked_on_page=True))

    assert decided(verdict) == ("E05", Outcome.NEEDS_PERSON)


def test_e05_off_the_shelf_variant_is_not_made_to_order() -> None:
    variant = facts(traits=frozenset({"made_to_order", "variant"}), is_marked_on_page=True)

    assert decided(judge(variant)) == ("E17", Outcome.ELIGIBLE)


def test_e06_perishable_and_marked_is_excluded_measures_6_2() -> None:
    verdict = judge(excluded("perishable", is_marked_on_page=True))

    assert decided(verdict) == ("E06", Outcome.NOT_ELIGIBLE)


def test_e07_downloaded_digital_goods_are_excluded_measures_6_3() -> None:
    verdict = judge(excluded("downloaded", is_marked_on_page=True))

    assert decided(verdict) == ("E07", Outcome.NOT_ELIGIBLE)


def test_e07_sealed_recording_may_come_back_until_the_consumer_unseals_it() -> None:
    sealed = excluded("digital", is_marked_on_page=True)

    assert decided(judge(sealed)) == ("E17", Outcome.ELIGIBLE)
    assert decided(judge(replace(sealed, is_opened=True))) == ("E07", Outcome.NOT_ELIGIBLE)


def test_e08_delivered_periodical_is_excluded_measures_6_4() -> None:
    verdict = judge(excluded("periodical", is_marked_on_page=True))

    assert decided(verdict) == ("E08", Outcome.NOT_ELIGIBLE)


@pytest.mark.parametrize("trait", ["sealed", "intimate"])
def test_e09_hygiene_with_confirmation_may_be_excluded_measures_7_1(trait: str) -> None:
    verdict = judge(excluded(trait, is_confirmed_at_purchase=True))

    assert decided(verdict) == ("E09", Outcome.NOT_ELIGIBLE)


def test_e10_activated_with_confirmation_may_be_excluded_measures_7_2() -> None:
    verdict = judge(excluded("activated", is_confirmed_at_purchase=True))

    assert decided(verdict) == ("E10", Outcome.NOT_ELIGIBLE)


@pytest.mark.parametrize("trait", ["near_expiry", "flawed"])
def test_e11_stated_flaw_with_confirmation_may_be_excluded_measures_7_3(trait: str) -> None:
    verdict = judge(excluded(trait, is_confirmed_at_purchase=True))

    assert decided(verdict) == ("E11", Outcome.NOT_ELIGIBLE)


@pytest.mark.parametrize("trait", ["sealed", "activated", "flawed"])
def test_e12_without_confirmation_we_must_accept_regulations_19_2(trait: str) -> None:
    verdict = judge(excluded(trait, is_marked_on_page=True))

    assert decided(verdict) == ("E12", Outcome.ELIGIBLE)


def test_e12_pre_ticked_confirmation_does_not_count_measures_20() -> None:
    ticked = facts(
        traits=frozenset({"sealed", "confirmation_preticked"}), is_confirmed_at_purchase=True
    )

    assert decided(judge(ticked)) == ("E12", Outcome.ELIGIBLE)


@pytest.mark.parametrize("trait", ["made_to_order", "perishable", "downloaded", "periodical"])
def test_e12_statutory_exclusion_without_page_mark_asks_a_person(trait: str) -> None:
    verdict = judge(excluded(trait))

    assert decided(verdict) == ("E12", Outcome.NEEDS_PERSON)
    assert "we accept" in verdict.deciding.en


def test_e13_opened_to_inspect_must_be_accepted_regulations_19_3() -> None:
    assert decided(judge(facts(is_opened=True))) == ("E13", Outcome.ELIGIBLE)


def test_e14_not_intact_with_photos_may_be_refused_measures_9() -> None:
    verdict = judge(facts(findings=("tag_removed",), has_photos=True))

    assert decided(verdict) == ("E14", Outcome.NOT_ELIGIBLE)
    assert "trade mark removed or label cut" in verdict.deciding.en


def test_e14_not_intact_without_photos_is_never_refused_by_the_rule() -> None:
    assert decided(judge(facts(findings=("tag_removed",)))) == ("E14", Outcome.NEEDS_PERSON)


@pytest.mark.parametrize("extra", ["gift", "points", "coupon"])
def test_e15_kept_extras_add_a_condition_and_refuse_nothing_measures_12(extra: str) -> None:
    verdict = judge(facts(missing_extras=(extra,)))

    assert decided(verdict) == ("E17", Outcome.ELIGIBLE)
    assert [condition.id for condition in verdict.conditions] == ["E15"]


@pytest.mark.parametrize("sign", ["volume", "repeats", "swaps"])
def test_e16_abuse_signs_call_a_person_and_never_refuse_regulations_49(sign: str) -> None:
    assert decided(judge(facts(signs=(sign,)))) == ("E16", Outcome.NEEDS_PERSON)


def test_e16_abuse_signs_do_not_change_a_refusal_by_another_rule() -> None:
    verdict = judge(facts(noticed_at=END, signs=("volume",)))

    assert decided(verdict) == ("E04", Outcome.NOT_ELIGIBLE)
    assert row(verdict, "E16") == RowResult.ASKS


def test_e17_nothing_against_it_is_accepted_consumer_law_25() -> None:
    verdict = judge(facts())

    assert decided(verdict) == ("E17", Outcome.ELIGIBLE)
    assert (verdict.route, verdict.freight) == ("no_reason", FreightPayer.CUSTOMER)


def test_p01_refund_without_return_is_decided_by_a_person() -> None:
    verdict = judge(facts(kind=ReturnKind.REFUND_ONLY))

    assert decided(verdict) == ("P01", Outcome.NEEDS_PERSON)


def test_exclusions_elsewhere_are_looked_at_by_a_person() -> None:
    verdict = judge(excluded("sealed", market="IE", is_confirmed_at_purchase=True))

    assert decided(verdict) == ("E09", Outcome.NEEDS_PERSON)


def test_verdict_lists_every_rule_once_with_basis_version_and_both_languages() -> None:
    verdict = judge(facts(noticed_at=END))

    assert [one.id for one in verdict.rows] == [
        *(f"E{number:02d}" for number in range(1, 15)),
        "E17",
        "E15",
        "E16",
        "P01",
    ]
    for one in verdict.rows:
        assert one.basis
        assert one.version == CHAIN_VERSION
        assert one.en
        assert any("\u4e00" <= char <= "\u9fff" for char in one.zh)


def test_frozen_verdict_comes_back_as_it_was() -> None:
    verdict = judge(facts(signs=("swaps",)))

    assert thawed(verdict.as_json()) == verdict
    assert digest(verdict.as_json()) == digest(thawed(verdict.as_json()).as_json())


def test_different_answers_in_one_request_ask_a_person() -> None:
    yes, no = judge(facts()), judge(facts(noticed_at=END))

    assert combined([yes, yes]) == Outcome.ELIGIBLE
    assert combined([no, no]) == Outcome.NOT_ELIGIBLE
    assert combined([yes, no]) == Outcome.NEEDS_PERSON


@given(
    claim=st.sampled_from(Claim.values),
    kind=st.sampled_from(ReturnKind.values),
    market=st.sampled_from(["CN", "IE", "GB", "US"]),
    traits=st.frozensets(st.sampled_from(TRAITS)),
    flags=st.tuples(*[st.booleans()] * 6),
    late=st.booleans(),
    findings=st.sampled_from([(), ("soiled",)]),
    signs=st.sampled_from([(), ("volume",)]),
)
def test_chain_is_total_and_never_refuses_silently(
    claim: str,
    kind: str,
    market: str,
    traits: frozenset[str],
    flags: tuple[bool, ...],
    late: bool,
    findings: tuple[str, ...],
    signs: tuple[str, ...],
) -> None:
    verdict = judge(
        facts(
            claim=claim,
            kind=kind,
            market=market,
            traits=traits,
            is_remote=flags[0],
            is_business=flags[1],
            is_opened=flags[2],
            is_marked_on_page=flags[3],
            is_confirmed_at_purchase=flags[4],
            has_photos=flags[5],
            noticed_at=END if late else IN_TIME,
            findings=findings,
            signs=signs,
        )
    )

    assert verdict.outcome in Outcome.values
    assert (verdict.decided_by, verdict.deciding.result) in SENTENCES
    if verdict.outcome == Outcome.NOT_ELIGIBLE:
        # A9, A11: no refusal under E09–E11 without confirmation, none in time for being late.
        assert verdict.deciding.result == RowResult.REFUSES
        if verdict.decided_by in ("E09", "E10", "E11"):
            assert flags[4]
            assert "confirmation_preticked" not in traits
        if verdict.decided_by in ("E05", "E06", "E07", "E08"):
            assert flags[3]
        assert verdict.decided_by != "E04" or late
