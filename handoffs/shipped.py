"""The templates every desk starts with; data afterwards, never put back or changed by us."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.context import Source, entering
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from handoffs.fields import check_fields
from handoffs.models import HandoffTemplate
from staff.models import User
from staff.services import system_actor

WHY = _("Templates every desk starts with")


def _field(name: str, kind: str, label: str, label_zh: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "label": label, "label_zh": label_zh, **more}


def _choice(
    name: str, label: str, label_zh: str, *choices: tuple[str, str, str], required: bool = True
) -> dict[str, Any]:
    return _field(
        name, "choice", label, label_zh, choices=[list(one) for one in choices], required=required
    )


TRACKING = _field("tracking_number", "text", "Tracking number", "快递单号", required=True)
ARTICLE = _field("sku", "text", "Article (SKU)", "商品（SKU）", required=True)

TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "code": "transfer",
        "name": "Transfer of the case",
        "name_zh": "转交工单",
        "kind": "transfer",
    },
    {
        "code": "carrier_trace",
        "name": "Carrier trace",
        "name_zh": "物流查件",
        "kind": "assist",
        "target_kind": "logistics",
        "pauses_case": True,
        "ask_fields": [
            TRACKING,
            _field(
                "last_seen_on",
                "date",
                "Last seen on",
                "最后扫描日期",
                help="The day of the last scan.",
                help_zh="最后一次扫描的日期。",
            ),
            _field("declared_value", "number", "Declared value", "声明价值"),
        ],
        "answer_fields": [
            _choice(
                "finding",
                "Where is the parcel?",
                "包裹在哪里？",
                ("delivered", "Delivered", "已签收"),
                ("in_transit", "On its way", "运输中"),
                ("lost", "Lost", "丢失"),
                ("damaged", "Damaged", "破损"),
                ("returned", "On its way back", "退回中"),
            ),
            _field("proof", "file", "Proof of the carrier", "快递公司凭证"),
        ],
    },
    {
        "code": "carrier_question",
        "name": "Question to a carrier",
        "name_zh": "向快递公司查询",
        "kind": "external",
        "pauses_case": True,
        "ask_fields": [TRACKING],
        "answer_fields": [
            _choice(
                "finding",
                "Where is the parcel?",
                "包裹在哪里？",
                ("delivered", "Delivered", "已签收"),
                ("in_transit", "On its way", "运输中"),
                ("lost", "Lost", "丢失"),
                ("damaged", "Damaged", "破损"),
            ),
            _field("accepts_liability", "boolean", "We accept liability", "我方承担责任"),
            _field("proof", "file", "Proof", "凭证"),
        ],
    },
    {
        "code": "supplier_verification",
        "name": "Supplier verification",
        "name_zh": "供应商核实",
        "kind": "external",
        "pauses_case": True,
        "ask_fields": [ARTICLE, _field("batch", "text", "Batch", "批次")],
        "answer_fields": [
            _choice(
                "finding",
                "Is it a defect of yours?",
                "是否为贵方质量问题？",
                ("ours", "Yes", "是"),
                ("not_ours", "No", "否"),
                ("unclear", "Cannot be told", "无法判断"),
            ),
            _field("measure", "text", "What you will do", "处理措施"),
            _field("report", "file", "Report", "检测报告"),
        ],
    },
    {
        "code": "warehouse_check",
        "name": "Warehouse check",
        "name_zh": "仓库核查",
        "kind": "assist",
        "target_kind": "warehouse",
        "pauses_case": True,
        "ask_fields": [ARTICLE, _field("quantity", "count", "Quantity", "数量")],
        "answer_fields": [
            _choice(
                "finding",
                "What did you find?",
                "核查结果",
                ("as_packed", "Packed as ordered", "发货无误"),
                ("short", "Short or missing", "少发或漏发"),
                ("wrong", "Wrong article", "发错商品"),
                ("damaged", "Damaged before dispatch", "发货前已破损"),
            ),
            _field("photo", "file", "Photo", "照片"),
        ],
    },
    {
        "code": "finance_payout",
        "name": "Payout by finance",
        "name_zh": "财务付款",
        "kind": "assist",
        "target_kind": "finance",
        "ask_fields": [
            _field("amount", "number", "Amount", "金额", required=True),
            _field("reason", "text", "For what", "付款原因", required=True),
        ],
        "answer_fields": [
            _field("reference", "text", "Bank reference", "银行流水号", required=True),
            _field("paid_on", "date", "Paid on", "付款日期", required=True),
        ],
    },
    {
        "code": "technical_diagnosis",
        "name": "Technical diagnosis",
        "name_zh": "技术诊断",
        "kind": "assist",
        "target_kind": "technical",
        "pauses_case": True,
        "ask_fields": [
            ARTICLE,
            _field("serial_number", "text", "Serial number", "序列号"),
            _field("symptom", "text", "Symptom", "故障现象", required=True),
        ],
        "answer_fields": [
            _field("cause", "text", "Cause", "故障原因", required=True),
            _field("is_repairable", "boolean", "Can be repaired", "可维修"),
        ],
    },
    {
        "code": "legal_advice",
        "name": "Legal advice",
        "name_zh": "法务意见",
        "kind": "assist",
        "target_kind": "legal",
        "ask_fields": [_field("claim", "text", "What is claimed", "客户主张", required=True)],
        "answer_fields": [
            _choice(
                "risk",
                "Risk",
                "风险",
                ("low", "Low", "低"),
                ("medium", "Medium", "中"),
                ("high", "High", "高"),
            ),
        ],
    },
)


def install(**_signal: Any) -> None:
    """Add what is missing, once the tables are there."""
    tables = connection.introspection.table_names()
    wanted = {HandoffTemplate._meta.db_table, User._meta.db_table}
    if not wanted <= set(tables):
        return
    known = set(HandoffTemplate.objects.values_list("code", flat=True))
    missing = [one for one in TEMPLATES if one["code"] not in known]
    if missing:
        with transaction.atomic():
            # Made on first use, by whoever migrates; what follows is the machine's.
            actor = system_actor()
            with entering(Source.SHELL):
                _add(missing, actor=actor, note=in_each_language(WHY.__str__))


@service
def _add(templates: list[dict[str, Any]], *, actor: User, note: str) -> None:
    for place, values in enumerate(templates, start=1):
        template = HandoffTemplate(**{"position": place * 10, **values})
        for form in ("ask_fields", "answer_fields"):
            setattr(template, form, check_fields(getattr(template, form), at=form))
        template.save(force_insert=True)
