"""Settings of the generated documentation."""

from __future__ import annotations

from typing import Any

DESCRIPTION = """
Cases, customers and orders of the after-sales desk.

**Calling.** `Authorization: Token <key>`. People get a key from `POST /api/v1/auth/token/`,
programs from an administrator. Bodies are JSON in UTF-8; unknown fields and filters are refused.

**Creating.** Send `Idempotency-Key` (1 to 200 visible ASCII characters, kept for a week): the same
key with the same body gives the same answer again, with another body 422. A case with an
`external_id` that you used before answers 200 with the case of then, unchanged.

**Orders** are pushed whole, as often as you like. Say in `source_updated_at` when the shop changed
the order: one that comes late is then answered 200 with the outcome `stale` and changes nothing.

**Lists** come in pages: follow `next` and `previous`. What you may not see is not there: 404.

**Errors** all look the same: `{"error": {"code", "message", "field", "request_id"}}`, with `fields`
for bad input (400) and `allowed` for a verb that does not fit the case as it stands (409).
"""

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "After-sales desk",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    # Two hundred verbs at once keep a browser busy for minutes: a group opens when it is wanted.
    "SWAGGER_UI_SETTINGS": {"docExpansion": "none", "defaultModelsExpandDepth": -1},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    # Or an empty choice, which many answers hold, would be none of the documented ones.
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "ENUM_NAME_OVERRIDES": {
        "TicketKind": "tickets.choices.Kind",
        "CaseSeverity": "tickets.choices.Severity",
        "FindingSeverity": "compliance.models.Severity",
        "ClockState": "clocks.statuses.ClockState",
        "RuleKind": "clocks.choices.RuleKind",
        "Channel": "tickets.choices.Channel",
        "TicketStatus": "tickets.statuses.TicketStatus",
        "WaitingStatus": "tickets.api.inputs.WAITING",
        "Priority": "tickets.choices.Priority",
        "MessageKind": "tickets.choices.MessageKind",
        "EvidenceKind": "tickets.choices.EvidenceKind",
        "FollowUpKind": "tickets.choices.FollowUpKind",
        "LinkKind": "tickets.choices.LinkKind",
        "Party": "tickets.choices.Party",
        "Remedy": "tickets.choices.Remedy",
        "InvestigationStatus": "tickets.statuses.InvestigationStatus",
        "ProposalStatus": "tickets.statuses.ProposalStatus",
        "FollowUpStatus": "tickets.statuses.FollowUpStatus",
        "SurveyStatus": "tickets.statuses.SurveyStatus",
        "OrderStatus": "customers.models.OrderStatus",
        "ContactChannel": "customers.models.ContactChannel",
        "Tier": "customers.models.Tier",
        "Language": "staff.models.Language",
        "Source": "aftersales.kernel.context.Source",
        "HandoffKind": "handoffs.choices.HandoffKind",
        "HandoffStatus": "handoffs.statuses.HandoffStatus",
        "HandoffVerb": "handoffs.choices.TurnVerb",
        "HandoffSide": "handoffs.choices.Side",
        "ResponsibilityPart": "handoffs.choices.Part",
        "ExampleStatus": "handoffs.statuses.ExampleStatus",
        "DepartmentKind": "staff.models.DepartmentKind",
        "ReturnKind": "returns.choices.ReturnKind",
        "DeclineReason": "returns.choices.DeclineReason",
        "StatedCondition": "returns.choices.StatedCondition",
        "Disposition": "returns.choices.Disposition",
        "SheetLine": "returns.choices.SheetLine",
        "InstructionKind": "returns.choices.InstructionKind",
        "Verdict": "returns.eligibility.verdict.Outcome",
        "ReturnStatus": "returns.statuses.ReturnStatus",
        "ReceptionStatus": "returns.statuses.ReceptionStatus",
        "AcceptanceStatus": "returns.statuses.AcceptanceStatus",
        "InspectionDecision": "returns.api.goods.inputs.DECISIONS",
        "ParcelStatus": "returns.statuses.ParcelStatus",
        "RepairStatus": "returns.statuses.RepairStatus",
        "InstructionStatus": "returns.statuses.InstructionStatus",
        "SheetStatus": "returns.statuses.SheetStatus",
        "GrantStatus": "returns.statuses.GrantStatus",
        "RefundKind": "returns.money_choices.RefundKind",
        "RefundReason": "returns.money_choices.RefundReason",
        "RefundStatus": "returns.money_statuses.RefundStatus",
        "Step": "tickets.steps.Step",
        "Outcome": "customers.services.Received",
    },
}
