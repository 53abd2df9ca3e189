"""Roles and what each may do. Code is the only place: no rows that drift, nothing to click."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A job at the desk; a person may hold several."""

    AGENT = "agent", _("Service agent")
    LEAD = "lead", _("Department lead")
    WAREHOUSE = "warehouse", _("Warehouse")
    FINANCE = "finance", _("Finance")
    QUALITY = "quality", _("Quality")
    SUPPLIER_DESK = "supplier_desk", _("Supplier desk")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    SERVICE_ACCOUNT = "service_account", _("Service account")


# Verbs of the case. Django's own view/add/change names are used for plain settings models.
CASE_READ = frozenset(
    {
        "tickets.view_ticket",
        "tickets.view_message",
        "clocks.view_clock",
        "customers.view_customer",
        "customers.view_order",
    }
)
CASE_HELP = CASE_READ | {
    "handoffs.view_handoff",
    "handoffs.answer_handoff",
    "handoffs.view_caseexample",
    "tickets.note_ticket",
    "tickets.investigate_ticket",
    "tickets.attach_ticket",
}
CASE_WORK = CASE_HELP | {
    "tickets.create_ticket",
    "tickets.work_ticket",
    "tickets.reply_ticket",
    "tickets.propose_ticket",
    "tickets.close_ticket",
    "tickets.merge_ticket",
    "tickets.bulk_ticket",
    "handoffs.send_handoff",
    "handoffs.propose_caseexample",
    "tickets.view_macro",
    "tickets.view_savedreply",
    "tickets.change_savedview",
    "tickets.view_rawintake",
    "tickets.view_outboundmail",
    "tickets.retry_outboundmail",
    "customers.disclose_customer",
    "returns.view_refund",
    "returns.view_approvalrequest",
    "returns.request_refund",
}
CASE_LEAD = CASE_WORK | {
    "tickets.hide_message",
    "tickets.assign_ticket",
    "tickets.import_ticket",
    "tickets.resolve_rawintake",
    "tickets.add_macro",
    "tickets.change_macro",
    "tickets.add_savedreply",
    "tickets.change_savedreply",
    "clocks.view_clockrule",
    "clocks.change_clockrule",
    "customers.merge_customer",
    "handoffs.assign_handoff",
    "handoffs.approve_caseexample",
    "handoffs.view_responsibilityrule",
    "staff.view_user",
    "staff.view_absence",
    "staff.add_absence",
    "staff.change_absence",
    "staff.view_delegation",
    "staff.add_delegation",
    "staff.change_delegation",
    "returns.approve_refund",
    "returns.release_refund",
    "returns.view_guardhold",
    "returns.view_approvaltier",
    "clocks.view_calendar",
    "staff.view_noticedelivery",
    "staff.retry_noticedelivery",
    "compliance.handle_finding",
}
# Verbs of goods coming back.
GOODS_READ = frozenset(
    f"returns.view_{model}"
    for model in (
        "returnauthorization",
        "returnitem",
        "returnparcel",
        "inspection",
        "repair",
        "reimbursement",
        "shopinstruction",
        "compensationgrant",
    )
)
GOODS_BENCH = GOODS_READ | {
    "returns.receive_returnauthorization",
    "returns.inspect_returnauthorization",
}
GOODS_WORK = GOODS_READ | {
    "returns.view_returnpolicy",
    "returns.request_returnauthorization",
    "returns.authorize_returnauthorization",
    "returns.settle_returnauthorization",
    "returns.grant_compensation",
}
GOODS_LEAD = GOODS_WORK | {
    "returns.override_returnauthorization",
    "returns.view_compensation",
}
GOODS_SETTINGS = frozenset(
    f"returns.{verb}_{model}"
    for model in ("returnaddress", "compensation")
    for verb in ("view", "add", "change")
) | {"returns.view_returnpolicy", "returns.revise_returnpolicy"}
GOODS_AUDIT = GOODS_READ | {
    "returns.view_returnpolicy",
    "returns.view_returnaddress",
    "returns.view_compensation",
}
MONEY_READ = frozenset(
    {
        "returns.view_refund",
        "returns.view_all_refunds",
        "returns.view_approvalrequest",
        "returns.view_guardhold",
        "returns.view_approvaltier",
        "returns.view_ledgerentry",
        "returns.view_storecredit",
        "returns.view_reconciliationitem",
        "returns.view_statement",
    }
)
READ_EVERYTHING = MONEY_READ | frozenset(
    {
        "tickets.view_all_tickets",
        "tickets.view_macro",
        "tickets.view_savedreply",
        "tickets.view_savedview",
        "tickets.view_category",
        "tickets.view_tag",
        "tickets.view_rawintake",
        "tickets.view_outboundmail",
        "tickets.view_followup",
        "tickets.view_proposal",
        "tickets.view_investigation",
        "tickets.view_csatresponse",
        "clocks.view_clockrule",
        "axes.view_accesslog",
        "axes.view_accessfailurelog",
        "compliance.view_auditevent",
        "compliance.view_journalentry",
        "compliance.view_disclosure",
        "compliance.view_heartbeat",
        "compliance.view_finding",
        "staff.view_noticedelivery",
        "staff.view_chattarget",
        "staff.view_user",
        "staff.view_department",
        "staff.view_team",
        "staff.view_absence",
        "staff.view_delegation",
        "customers.view_shop",
        "handoffs.view_handoff",
        "handoffs.view_handofftemplate",
        "handoffs.view_responsibilityrule",
        "handoffs.view_caseexample",
        "clocks.view_calendar",
    }
)
SETTINGS = frozenset(
    f"{app}.{verb}_{model}"
    for app, model in (
        ("tickets", "category"),
        ("tickets", "tag"),
        ("tickets", "macro"),
        ("tickets", "savedreply"),
        ("tickets", "savedview"),
        ("staff", "department"),
        ("staff", "team"),
        ("staff", "user"),
        ("staff", "absence"),
        ("staff", "chattarget"),
        ("customers", "shop"),
        ("handoffs", "handofftemplate"),
        ("staff", "delegation"),
        ("customers", "shop"),
        ("returns", "approvaltier"),
        ("clocks", "calendar"),
    )
    for verb in ("add", "change")
)

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.AGENT: CASE_WORK | GOODS_WORK,
    Role.LEAD: CASE_LEAD | GOODS_LEAD,
    Role.WAREHOUSE: CASE_HELP | GOODS_BENCH,
    Role.FINANCE: CASE_HELP
    | GOODS_READ
    | MONEY_READ
    | {"returns.pay_refund", "returns.request_refund", "returns.view_compensation"},
    Role.QUALITY: CASE_HELP | GOODS_BENCH,
    Role.SUPPLIER_DESK: CASE_HELP | GOODS_READ,
    Role.AUDITOR: CASE_READ | READ_EVERYTHING | GOODS_AUDIT,
    Role.ADMINISTRATOR: CASE_READ
    | READ_EVERYTHING
    | GOODS_AUDIT
    | GOODS_SETTINGS
    | SETTINGS
    | {
        "clocks.add_clockrule",
        "clocks.change_clockrule",
        "clocks.change_any_clockrule",
        "customers.import_order",
        "handoffs.change_responsibilityrule",
        "tickets.retry_outboundmail",
        "tickets.import_ticket",
        "tickets.resolve_rawintake",
        "staff.retry_noticedelivery",
        "compliance.handle_finding",
        "compliance.view_technical",
    },
    Role.SERVICE_ACCOUNT: CASE_READ
    | {
        "tickets.create_ticket",
        "tickets.relay_ticket",
        "tickets.note_ticket",
        "tickets.attach_ticket",
        "customers.write_order",
        "returns.view_returnauthorization",
        "returns.view_shopinstruction",
        "returns.request_returnauthorization",
        "returns.confirm_shopinstruction",
        "returns.redeem_storecredit",
    },
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything the given roles may do together."""
    return _together(tuple(roles))


@cache
def _together(roles: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))
