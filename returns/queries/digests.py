"""What an approval is bound to."""

from __future__ import annotations

import json
from hashlib import sha256

from returns.models import Refund


def digest_of(refund: Refund) -> str:
    """SHA-256 over everything an approval is about: sum, payee, lines, evidence, basis, reason."""
    told = {
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
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
