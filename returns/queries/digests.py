"""What an approval is bound to."""

from __future__ import annotations

import json
from hashlib import sha256

from returns.models import Refund
from returns.money_choices import RefundMeans


def digest_of(refund: Refund) -> str:
    """SHA-256 over everything an approval is about: sum, payee, lines, evidence, basis, reason,
    and for store credit the customer's consent."""
    told: dict[str, object] = {
        "number": refund.gateway_number,
        "kind": refund.kind,
        "means": refund.means,
        "gateway": refund.gateway,
        "payment": refund.payment_id,
        "amount": str(refund.amount),
        "currency": refund.currency,
        "reason": refund.reason,
        "parcel": refund.parcel,
        "basis": [refund.basis_type, refund.basis_key, refund.basis_label, refund.basis_digest],
        "lines": [
            [line.position, line.label, line.order_line_id, line.quantity, str(line.amount)]
            for line in refund.lines.order_by("position", "id")
        ],
        "evidence": sorted(refund.evidence.values_list("attachment__digest", flat=True)),
    }
    if refund.means == RefundMeans.STORE_CREDIT:
        told["consent"] = [
            refund.consent,
            refund.consent_message_id,
            refund.consent_proposal_id,
            refund.consented_at.isoformat() if refund.consented_at else "",
        ]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
