"""E01–E17 in order, then faults (Q) and refunds without return (P). The first decision wins;
E15 and E16 are always asked and only add conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from returns.choices import Claim, FreightPayer, ReturnKind
from returns.eligibility import facts as f
from returns.eligibility.facts import Facts
from returns.eligibility.law import LAWS
from returns.eligibility.sentences import EXTRAS, FINDINGS, NOT_REACHED, Pair, listed, sentence
from returns.eligibility.verdict import Outcome, Route, RowResult, RuleResult, Verdict

# Changes with every change of a rule or sentence; kept on every verdict.
CHAIN_VERSION = "CN-NRR 2026.2"

DECISIONS = {
    RowResult.ACCEPTS: Outcome.ELIGIBLE,
    RowResult.REFUSES: Outcome.NOT_ELIGIBLE,
    RowResult.ASKS: Outcome.NEEDS_PERSON,
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says about these facts."""

    result: RowResult
    words: dict[str, Pair]


def said(result: RowResult, **words: Pair) -> Said:
    return Said(result, words)


PASSED = said(RowResult.PASSED)
ACCEPTS = said(RowResult.ACCEPTS)
ASKS = said(RowResult.ASKS)
REFUSES = said(RowResult.REFUSES)
Check = Callable[[Facts], Said]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table with its basis; ``always`` rules are asked after a decision, too."""

    id: str
    basis: str
    check: Check
    always: bool = False


def not_a_remote_consumer_sale(facts: Facts) -> Said:
    """E01. Without a law the promise alone counts; without a known law a person looks."""
    if facts.market not in LAWS and facts.is_no_reason:
        return said(RowResult.ADDS) if facts.is_promised_in_time else ASKS
    if facts.is_remote and not facts.is_business:
        return PASSED
    if not facts.is_no_reason:
        return PASSED
    promise = facts.promise
    covered = promise is not None and (
        (facts.is_remote or promise.covers_counter_sales)
        and (not facts.is_business or promise.covers_business)
    )
    return said(RowResult.ADDS) if covered else REFUSES


def promised_more(facts: Facts) -> Said:
    """E02: longer or wider than the law; also for goods of E05–E11 the promise names."""
    if not facts.is_no_reason or not facts.is_promised_in_time or facts.promise is None:
        return PASSED
    needed = excluding(facts)
    is_wider = bool(needed) and needed <= facts.promise.covers
    is_beyond_law = facts.market not in LAWS or not facts.is_remote or facts.is_business
    is_longer = (not facts.is_in_legal_window or is_beyond_law) and needed <= facts.promise.covers
    if not is_wider and not is_longer:
        return PASSED
    label = (facts.promise.label, facts.promise.label)
    return said(RowResult.ACCEPTS if facts.is_intact else RowResult.ADDS, promise=label)


def fault_claimed(facts: Facts) -> Said:
    """E03."""
    return PASSED if facts.is_no_reason else said(RowResult.LEAVES)


def too_late(facts: Facts) -> Said:
    """E04: the notice counts, not the posting; the later of law and promise."""
    end = facts.window_end
    if facts.is_in_legal_window or facts.is_promised_in_time:
        return said(RowResult.PASSED, until=_until(end, facts))
    assert end is not None  # noqa: S101 -- without an end the window is open
    promised = facts.promise.window_end if facts.promise else None
    return said(RowResult.REFUSES, day=_last_day(max(end, promised or end), facts.zone))


def _until(end: datetime | None, facts: Facts) -> Pair:
    if end is None or not facts.is_in_legal_window:
        return "", ""
    day = _last_day(end, facts.zone)
    return f" (until {day[0]})", f"（截至{day[1]}）"


def _last_day(end: datetime, zone: ZoneInfo) -> Pair:
    day = (end - timedelta(microseconds=1)).astimezone(zone)
    return f"{day.day} {day:%B %Y}", f"{day.year}年{day.month}月{day.day}日"


# Exclusion → whether these facts fall under it, before mark and confirmation are asked.
NATURES: dict[str, Callable[[Facts], bool]] = {
    "E05": lambda x: f.MADE_TO_ORDER in x.traits and f.VARIANT_OFF_THE_SHELF not in x.traits,
    "E06": lambda x: f.PERISHABLE in x.traits,
    "E07": lambda x: f.DOWNLOADED in x.traits or (f.DIGITAL in x.traits and x.is_opened),
    "E08": lambda x: f.PERIODICAL in x.traits,
    "E09": lambda x: bool(x.traits & {f.SEALED, f.INTIMATE}),
    "E10": lambda x: f.ACTIVATED in x.traits,
    "E11": lambda x: bool(x.traits & {f.NEAR_EXPIRY, f.FLAWED}),
}
STATUTORY = frozenset({"E05", "E06", "E07", "E08"})
CONFIRMABLE = frozenset({"E09", "E10", "E11"})


def excluding(facts: Facts) -> frozenset[str]:
    """The exclusions an article falls under by its nature."""
    return frozenset(rule for rule, applies in NATURES.items() if applies(facts))


def in_force(facts: Facts) -> frozenset[str]:
    """The same without those the shop gave up."""
    given_up = facts.promise.covers if facts.promise and facts.is_promised_in_time else frozenset()
    return excluding(facts) - given_up


def excluded(rule: str) -> Check:
    """E05–E08 count when marked on the page, E09–E11 when confirmed at this purchase."""

    def check(facts: Facts) -> Said:
        if rule not in in_force(facts):
            return PASSED
        law = LAWS.get(facts.market)
        if law is None or not law.has_closed_exclusions:
            return ASKS
        if rule in CONFIRMABLE:
            return REFUSES if facts.has_confirmation else PASSED
        if not facts.is_marked_on_page:
            return PASSED
        if rule == "E05" and f.PRODUCTION_PROOF not in facts.traits:
            return ASKS
        return REFUSES

    return check


def exclusion_not_in_order(facts: Facts) -> Said:
    """E12: nothing is excluded behind the buyer's back."""
    left = in_force(facts)
    if left & STATUTORY:
        return ASKS
    if not left & CONFIRMABLE:
        return PASSED
    return ACCEPTS if facts.is_intact else said(RowResult.ADDS)


def only_opened(facts: Facts) -> Said:
    """E13."""
    return ACCEPTS if facts.is_opened and facts.is_intact else PASSED


def not_intact(facts: Facts) -> Said:
    """E14: refusing needs photos; what the customer says about damage is looked at by a person."""
    if facts.findings and facts.has_photos:
        return said(RowResult.REFUSES, findings=listed(facts.findings, FINDINGS))
    return PASSED if facts.is_intact else ASKS


def extras_kept(facts: Facts) -> Said:
    """E15."""
    if not facts.missing_extras:
        return PASSED
    return said(RowResult.ADDS, extras=listed(facts.missing_extras, EXTRAS))


def abuse_signs(facts: Facts) -> Said:
    """E16: a person, never a refusal by itself."""
    return ASKS if facts.signs else PASSED


def nothing_against_it(facts: Facts) -> Said:
    """E17."""
    return ACCEPTS


def reported_in_7_days(facts: Facts) -> Said:
    """Q01: the 7 days run from receiving it; where that is not known a person looks."""
    end = facts.quality.return_end
    if end is None:
        return ASKS
    in_time = facts.noticed_at < end
    return ACCEPTS if in_time and Claim(facts.claim) != Claim.NOT_RECEIVED else PASSED


def reported_in_15_days(facts: Facts) -> Said:
    """Q02: goods under the three guarantees only."""
    end = facts.quality.exchange_end
    listed_goods = f.THREE_GUARANTEES in facts.traits
    in_time = end is not None and facts.noticed_at < end
    wanted = facts.kind in (ReturnKind.EXCHANGE, ReturnKind.REPAIR)
    return ACCEPTS if listed_goods and in_time and wanted else PASSED


def repairs_failed(facts: Facts) -> Said:
    """Q03."""
    wanted = facts.kind in (ReturnKind.EXCHANGE, ReturnKind.RETURN_AND_REFUND)
    failed = facts.quality.failed_repairs >= 2 or (
        facts.quality.is_repair_overdue and facts.kind == ReturnKind.EXCHANGE
    )
    return ACCEPTS if wanted and failed else PASSED


def under_warranty(facts: Facts) -> Said:
    """Q04."""
    end = facts.quality.warranty_end
    covered = end is not None and facts.noticed_at < end
    return ACCEPTS if covered and facts.kind == ReturnKind.REPAIR else PASSED


def somebody_looks(facts: Facts) -> Said:
    """Q05."""
    return ASKS


def money_without_goods(facts: Facts) -> Said:
    """P01: who decided and why is on record, and no platform forces it."""
    return ASKS if facts.kind == ReturnKind.REFUND_ONLY else PASSED


NO_REASON: tuple[Rule, ...] = (
    Rule("E01", "消费者权益保护法 25; 七日无理由退货暂行办法 2, 36", not_a_remote_consumer_sale),
    Rule("E02", "消费者权益保护法 16; 暂行办法 5; 网络消费规定(一) 2", promised_more),
    Rule("E03", "暂行办法 35; 消费者权益保护法 24", fault_claimed),
    Rule("E04", "暂行办法 10; 民法典 201, 203", too_late),
    Rule("E05", "暂行办法 6(1), 20", excluded("E05")),
    Rule("E06", "暂行办法 6(2), 20", excluded("E06")),
    Rule("E07", "暂行办法 6(3), 20", excluded("E07")),
    Rule("E08", "暂行办法 6(4), 20", excluded("E08")),
    Rule("E09", "暂行办法 7(1), 20", excluded("E09")),
    Rule("E10", "暂行办法 7(2), 20", excluded("E10")),
    Rule("E11", "暂行办法 7(3), 20", excluded("E11")),
    Rule("E12", "实施条例 19; 暂行办法 20, 30, 31(1)", exclusion_not_in_order),
    Rule("E13", "实施条例 19(3); 暂行办法 8; 网络消费规定(一) 3", only_opened),
    Rule("E14", "暂行办法 8, 9", not_intact),
    Rule("E17", "消费者权益保护法 25", nothing_against_it),
)
QUALITY: tuple[Rule, ...] = (
    Rule("Q01", "消费者权益保护法 24; 三包规定 9", reported_in_7_days),
    Rule("Q02", "三包规定 10; 实施条例 18", reported_in_15_days),
    Rule("Q03", "三包规定 11, 12", repairs_failed),
    Rule("Q04", "实施条例 18; 消费者权益保护法 23", under_warranty),
    Rule("Q05", "消费者权益保护法 24", somebody_looks),
)
CONDITIONS: tuple[Rule, ...] = (
    Rule("E15", "暂行办法 12", extras_kept),
    Rule("E16", "实施条例 19(4), 49(2); 令121号 17", abuse_signs),
    Rule("P01", "网络交易平台规则监督管理办法 12, 27", money_without_goods),
)


def judge(facts: Facts) -> Verdict:
    """Ask every rule in order; total: any facts get exactly one of the three outcomes."""
    rows: list[RuleResult] = []
    deciding, outcome = _run(NO_REASON, facts, rows)
    route = Route.NO_REASON
    if deciding == "E03":
        route = Route.QUALITY
        deciding, outcome = _run(QUALITY, facts, rows)
    for rule in CONDITIONS:
        answer = rule.check(facts)
        rows.append(_row(rule, answer))
        if answer.result == RowResult.ASKS and outcome == Outcome.ELIGIBLE:
            deciding, outcome = rule.id, Outcome.NEEDS_PERSON
    freight = FreightPayer.SHOP if route == Route.QUALITY else FreightPayer.CUSTOMER
    return Verdict(str(outcome), str(route), str(freight), deciding, tuple(rows))


def _run(rules: tuple[Rule, ...], facts: Facts, rows: list[RuleResult]) -> tuple[str, Outcome]:
    """Until one decides; those after it are listed as not reached."""
    deciding, outcome = "", Outcome.NEEDS_PERSON
    for rule in rules:
        if deciding:
            rows.append(_row(rule, None))
            continue
        answer = rule.check(facts)
        rows.append(_row(rule, answer))
        if answer.result in DECISIONS:
            deciding, outcome = rule.id, DECISIONS[answer.result]
        elif answer.result == RowResult.LEAVES:
            deciding = rule.id
    return deciding, outcome


def _row(rule: Rule, answer: Said | None) -> RuleResult:
    if answer is None:
        result, words = RowResult.NOT_REACHED, NOT_REACHED
    else:
        result, words = answer.result, sentence(rule.id, answer.result, **answer.words)
    return RuleResult(rule.id, str(result), rule.basis, CHAIN_VERSION, *words)
