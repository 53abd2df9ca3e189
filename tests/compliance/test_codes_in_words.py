"""Every code an audited row keeps is read in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import translation

from aftersales.kernel.context import acting
from clocks.models import ClockRule
from clocks.models.rules import TOKEN_FIELDS
from compliance import events, wording
from compliance.describe import describe
from compliance.personal import mask_of
from compliance.tracked import by_label, tracked
from compliance.values import shown
from returns.eligibility.facts import TRAITS
from returns.eligibility.sentences import TRAITS as TRAIT_WORDS
from staff.roles import Role
from tests.compliance.trail import last_entry
from tests.factories.people import make_user

# Columns that hold text, lists or objects but none of our codes: why → model → columns.
NO_CODES: dict[str, dict[str, str]] = {
    "people's own words": {
        "clocks.calendarexception": "reason",
        "clocks.clockrule": "source_note note",
        "customers.customer": "preferences",
        "handoffs.caseexample": "title lesson",
        "handoffs.handoff": "party_name",
        "returns.compensationgrant": "note",
        "returns.guardhold": "note",
        "returns.inspection": "note",
        "returns.reconciliationitem": "note",
        "returns.refund": "consent note",
        "returns.repair": "vendor consent result",
        "returns.returnaddress": "recipient phone address",
        "returns.returnauthorization": "remark decision_note",
        "returns.returnitem": "deduction_consent",
        "returns.unexpecteditem": "text",
        "staff.absence": "reason",
        "staff.delegation": "reason",
        "tickets.followup": "text outcome",
        "tickets.investigation": "question root_cause",
        "tickets.macro": "add_tags",
        "tickets.message": "hidden_reason",
        "tickets.outboundmail": "subject",
        "tickets.proposal": "answer_note outcome_note",
        "tickets.rawintake": "subject",
        "tickets.savedreply": "shortcut",
        "tickets.tag": "slug",
        "tickets.ticket": "subject root_cause lesson tags",
    },
    "kept in both languages": {
        "compliance.finding": "title subject_label",
        "returns.refund": "basis_label outcome_note",
        "returns.refundline": "label",
        "returns.reimbursementline": "text text_zh",
        "tickets.rawintake": "reason",
    },
    "names people gave, in both languages where there are two": {
        "clocks.calendar": "code name name_zh",
        "clocks.calendarday": "name name_zh",
        "clocks.clockrule": "code name name_zh promise",
        "customers.shop": "code name name_zh",
        "handoffs.handofftemplate": "code name name_zh",
        "handoffs.handofffile": "field",
        "returns.approvaltier": "name name_zh",
        "returns.compensation": "code name name_zh",
        "returns.returnaddress": "code",
        "returns.returnpolicy": "code name name_zh category",
        "staff.chattarget": "label",
        "staff.department": "code name name_zh",
        "staff.team": "code name name_zh",
        "staff.user": "username first_name last_name display_name",
        "tickets.category": "path name name_zh",
        "tickets.macro": "name name_zh",
        "tickets.savedreply": "name name_zh",
        "tickets.savedview": "name name_zh code",
    },
    "numbers and digests": {
        "compliance.finding": "case_label",
        "customers.order": "payload_digest",
        "handoffs.handoff": "number",
        "returns.approvalrequest": "digest",
        "returns.reconciliationitem": "key",
        "returns.refund": "number gateway_number basis_digest reference",
        "returns.refundattempt": "gateway_number request_digest",
        "returns.reimbursement": "digest",
        "returns.returnauthorization": "number verdict_digest",
        "returns.returnitem": "serial_number",
        "returns.statement": "file_name digest",
        "returns.unexpecteditem": "code",
        "tickets.attachment": "file_name digest",
        "tickets.outboundmail": "effect_key mail_id in_reply_to",
        "tickets.rawintake": "external_id digest container",
        "tickets.ticket": "number",
        "tickets.ticketlink": "moved_messages",
    },
    "as shops, carriers, gateways and mail hosts say it": {
        "customers.customer": "external_id region",
        "customers.order": "external_id",
        "customers.orderline": "sku name category serial_number",
        "customers.payment": "external_id method",
        "customers.shipment": "carrier tracking_number",
        "customers.shipmentevent": "text place",
        "returns.parcelscan": "event_id place",
        "returns.refund": "parcel",
        "returns.refundattempt": "detail response",
        "returns.returnparcel": "tracking_number",
        "returns.shopinstruction": "sku name external_id",
        "tickets.outboundmail": "last_error",
        "tickets.ticket": "external_id",
    },
    "written the same everywhere: ISO codes, media types, articles of law": {
        "clocks.calendar": "region time_zone",
        "clocks.calendarday": "region",
        "clocks.calendaryear": "region source_notice",
        "clocks.clockrule": "legal_basis",
        "customers.order": "currency",
        "customers.payment": "currency",
        "customers.shop": "market currency",
        "handoffs.handoff": "cost_currency",
        "returns.approvaltier": "currency",
        "returns.compensation": "currency",
        "returns.compensationgrant": "currency",
        "returns.refund": "currency",
        "returns.reimbursement": "currency",
        "returns.reimbursementline": "basis",
        "returns.repair": "currency",
        "returns.returnaddress": "market",
        "returns.returnpolicy": "market",
        "returns.shopinstruction": "currency",
        "returns.storecredit": "currency",
        "staff.delegation": "currency",
        "tickets.attachment": "media_type",
        "tickets.proposal": "currency",
    },
}


def columns() -> Iterator[tuple[str, models.Field[Any, Any]]]:
    """Every shown column that could hold codes: text, lists and objects."""
    for known in tracked().values():
        for field in known.fields.values():
            is_text = isinstance(field, models.CharField | models.JSONField | ArrayField)
            if is_text and field.attname not in known.excluded and not mask_of(field):
                yield known.label, field


def choices_of(field: models.Field[Any, Any]) -> list[tuple[Any, Any]]:
    inner = field.base_field if isinstance(field, ArrayField) else field
    return [pair for pair in inner.flatchoices if pair[0]]


def test_every_column_has_words_or_a_reason_to_need_none() -> None:
    free = [
        (label, column)
        for models_ in NO_CODES.values()
        for label, names in models_.items()
        for column in names.split()
    ]
    worded = {
        (label, field.attname)
        for label, field in columns()
        if choices_of(field) or (label, field.attname) in wording.registered()
    }

    assert len(free) == len(set(free))
    assert {(label, field.attname) for label, field in columns()} == worded | set(free)
    assert worded & set(free) == set()
    assert wording.registered() <= worded


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_choice_is_shown_by_its_label(language: str) -> None:
    wrong = []
    with translation.override(language):
        for label, field in columns():
            for code, words in choices_of(field):
                value = [code] if isinstance(field, ArrayField) else code
                if shown(field, value, {}) != str(words):
                    wrong.append((label, field.attname, code))

    assert wrong == []


FORM = [
    {
        "name": "risk",
        "type": "choice",
        "label": "Risk",
        "label_zh": "风险",
        "choices": [["low", "Low", "低"]],
    }
]
ROW = {"id": "E04", "result": "refuses", "basis": "25", "version": "1"}
VERDICT = {
    "outcome": "not_eligible",
    "route": "no_reason",
    "freight": "customer",
    "decided_by": "E04",
    "rows": [ROW | {"en": "Too late.", "zh": "已过期。"}],
}
URGENT = [{"fact": "priority", "op": "in", "value": ["urgent", "high"]}]
# Model, column, value, the rest of its row, English, Chinese.
EXAMPLES: list[tuple[str, str, Any, dict[str, Any], str, str]] = [
    ("clocks.calendar", "frames", {"1": [["09:00", "12:00"], ["13:00", "18:00"]]}, {},
     "Monday 09:00–12:00, 13:00–18:00", "星期一 09:00–12:00, 13:00–18:00"),
    ("clocks.calendarexception", "frames", [["09:00", "12:00"]], {}, "09:00–12:00", "09:00–12:00"),
    ("clocks.clockrule", "subject_type", "tickets.ticket", {}, "Case", "工单"),
    ("clocks.clockrule", "starts_on", ["tickets.received", "tickets.waiting:pending"], {},
     "Case received, Waiting (Waiting for customer)", "已收到工单, 等待中 (等待客户)"),
    ("clocks.clockrule", "stops_on", ["tickets.closed"], {}, "Closed", "已关闭"),
    ("clocks.clockrule", "pauses_on", ["tickets.closed"], {}, "Closed", "已关闭"),
    ("clocks.clockrule", "resumes_on", ["tickets.closed"], {}, "Closed", "已关闭"),
    ("clocks.clockrule", "cancels_on", ["tickets.closed"], {}, "Closed", "已关闭"),
    ("clocks.clockrule", "conditions", URGENT, {"subject_type": "tickets.ticket"},
     "priority is one of Urgent, High", "优先级 属于 紧急, 高"),
    ("clocks.escalationstep", "action", "notify", {}, "Tell", "通知"),
    ("clocks.escalationstep", "role", "lead", {}, "Department lead", "部门主管"),
    ("compliance.finding", "code", "clocks.late", {},
     "A promised time was missed", "承诺时限已超时"),
    ("compliance.finding", "subject_type", "returns.refund", {}, "refund", "退款"),
    ("compliance.finding", "evidence", {"rule": "first", "due": "2026"}, {},
     "rule: first; due: 2026", "规则: first; 时限: 2026"),
    ("customers.order", "discount_steps", [{"threshold": "300.00", "discount": "50.00"}], {},
     "≥ 300.00: −50.00", "≥ 300.00: −50.00"),
    ("customers.orderline", "traits", ["sealed", "gift"], {}, "sealed, gift", "一次性密封, 赠品"),
    ("handoffs.handofftemplate", "ask_fields", FORM, {}, "Risk", "风险"),
    ("handoffs.handofftemplate", "answer_fields", FORM, {}, "Risk", "风险"),
    ("handoffs.handoff", "ask_fields", FORM, {}, "Risk", "风险"),
    ("handoffs.handoff", "answer_fields", FORM, {}, "Risk", "风险"),
    ("handoffs.handoff", "asked", {"risk": "low"}, {"ask_fields": FORM}, "Risk: Low", "风险: 低"),
    ("handoffs.handoff", "answered", {"risk": "low"}, {"answer_fields": FORM},
     "Risk: Low", "风险: 低"),
    ("returns.approvalrequest", "totals", {"amount": "5.00", "order": "9.00"}, {},
     "amount: 5.00; order: 9.00", "金额: 5.00; 订单: 9.00"),
    ("returns.guardhold", "reasons", [{"code": "same_parcel", "refunds": ["R-1"]}], {},
     "The same return parcel was paid for before: R-1.", "同一退货包裹此前已退款：R-1。"),
    ("returns.inspection", "form", "electronics", {}, "Electronics", "电子电器"),
    ("returns.inspection", "answers", {"works": True, "labels": False}, {},
     "Original quality and function? Yes; Trade marks and labels complete? No",
     "品质、功能保持原状？ 是; 商标、标识齐全？ 否"),
    ("returns.inspection", "findings", ["label", "soiled"], {},
     "trade mark or label is missing, soiled or damaged", "商标或标识不齐全, 受污、受损"),
    ("returns.reconciliationitem", "ours", "succeeded", {}, "Paid", "已付出"),
    ("returns.reconciliationitem", "theirs", "10.00", {}, "10.00", "10.00"),
    ("returns.refund", "basis_type", "returns.reimbursement", {}, "reimbursement", "应退结算单"),
    ("returns.refund", "gateway", "manual", {}, "bank transfer by hand", "人工转账"),
    ("returns.statement", "gateway", "sandbox", {}, "sandbox", "沙箱"),
    ("returns.returnaddress", "carrier", "manual", {}, "without a booking", "不预约"),
    ("returns.returnparcel", "carrier", "顺丰", {}, "顺丰", "顺丰"),
    ("returns.returnauthorization", "verdict", {"lines": [{"line": 1, "verdict": VERDICT}]}, {},
     "May not come back: Too late.", "不可退换: 已过期。"),
    ("returns.returnpolicy", "covers_exclusions", ["E05"], {}, "E05 made to order", "E05 定作商品"),
    ("tickets.savedview", "params", {"status": "pending", "assignee": "me", "q": "torn"}, {},
     "status: Waiting for customer; assignee: Me; search words: torn",
     "状态: 等待客户; 处理人: 我; 搜索关键词: torn"),
    ("tickets.savedview", "roles", ["lead"], {}, "Department lead", "部门主管"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "column", "value", "row", "english", "chinese"),
    EXAMPLES,
    ids=[f"{label}.{column}" for label, column, *_rest in EXAMPLES],
)
def test_a_code_is_read_in_both_languages(
    label: str, column: str, value: Any, row: dict[str, Any], english: str, chinese: str
) -> None:
    known = by_label(label)
    assert known is not None
    field = known.fields[column]
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(shown(field, value, {}, row))

    assert said == [english, chinese]


def test_every_wording_has_an_example() -> None:
    assert {(label, column) for label, column, *_rest in EXAMPLES} == wording.registered()


@pytest.mark.parametrize(
    ("label", "column", "value", "told"),
    [
        ("clocks.escalationstep", "action", "retired", "retired"),
        ("clocks.clockrule", "starts_on", ["gone.code:x"], "gone.code (x)"),
        ("customers.orderline", "traits", ["new_one"], "new_one"),
        ("returns.guardhold", "reasons", [{"code": "retired"}], "code: retired"),
        ("returns.inspection", "form", "retired", "retired"),
        ("returns.refund", "basis_type", "gone.model", "gone.model"),
        ("handoffs.handoff", "asked", {"risk": "low"}, "risk: low"),
        ("tickets.savedview", "params", {"odd": "x"}, "odd: x"),
    ],
)
def test_an_unknown_code_is_shown_as_it_is(label: str, column: str, value: Any, told: str) -> None:
    known = by_label(label)
    assert known is not None

    assert shown(known.fields[column], value, {}, {}) == told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("Conditions", "–", "priority is Urgent")),
        ("zh-hans", ("条件", "–", "优先级 是 紧急")),
    ],
)
def test_a_change_is_described_by_words_that_need_the_whole_row(
    language: str, told: tuple[str, str, str]
) -> None:
    rule = ClockRule.objects.filter(subject_type="tickets.ticket", conditions=[])[0]
    rule.conditions = [{"fact": "priority", "op": "is", "value": "urgent"}]
    with acting(make_user(Role.ADMINISTRATOR)):
        rule.save()

    with translation.override(language):
        (change,) = describe([last_entry(rule)])

    assert [(one.label, one.old, one.new) for one in change.fields] == [told]


def test_every_trait_has_words() -> None:
    assert tuple(TRAIT_WORDS) == TRAITS


@pytest.mark.django_db
def test_every_variant_that_rules_tell_apart_has_words() -> None:
    tokens = {
        token
        for row in ClockRule.objects.values_list(*TOKEN_FIELDS)
        for column in row
        for token in column
        if ":" in token
    }

    assert "tickets.waiting:pending" in tokens
    assert [one for one in tokens if f"({one.partition(':')[2]})" in events.token_label(one)] == []
