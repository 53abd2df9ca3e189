"""What money may be asked for at all, whoever asks and through whichever door."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.money import figure
from aftersales.kernel.refs import Ref
from customers.models import Payment
from returns.models import CompensationGrant, Refund, Reimbursement
from returns.money_choices import RefundKind
from returns.queries.deal import is_in_kind
from returns.statuses import GrantStatus, SheetStatus


def require_money(payment: Payment) -> None:
    """Raise for points and coupons: the shop gives them back in kind with the sheet of a return
    (return measures art. 15), paying them out would turn them into cash."""
    if is_in_kind(payment):
        raise RuleViolated(
            "paid_in_kind",
            _("Points and coupons are given back in kind, not paid out."),
            field="payment",
        )


def require_basis(refund: Refund, kind: str, basis: Ref | None, amount: Decimal) -> None:
    """Raise unless the firm's own money rests on a decision of the same case, and stays within it:
    a compensation on a grant of the catalogue with its limits, damages on the sheet of a return."""
    if kind == RefundKind.PURCHASE:
        return
    most = _decided(refund, kind, basis) if basis else None
    if most is None:
        raise RuleViolated(
            "no_basis",
            _(
                "Compensation is given from the catalogue and damages with the sheet of a return;"
                " neither is asked for by itself."
            ),
            field="kind",
        )
    if amount > most:
        raise RuleViolated(
            "above_basis",
            _("Only %(most)s %(currency)s were decided.")
            % {"most": figure(most, refund.currency), "currency": refund.currency},
            field="amount",
        )


def _decided(refund: Refund, kind: str, basis: Ref) -> Decimal | None:
    """What the basis grants, or nothing where it grants no money of this kind on this case."""
    on_case = {"pk": basis.id, "ticket": refund.ticket_id, "currency": refund.currency}
    if kind == RefundKind.COMPENSATION and basis.type == CompensationGrant._meta.label_lower:
        grants = CompensationGrant.objects.filter(**on_case, status=GrantStatus.GRANTED)
        return grants.values_list("amount", flat=True).first()
    if kind == RefundKind.STATUTORY_DAMAGES and basis.type == Reimbursement._meta.label_lower:
        sheets = Reimbursement.objects.filter(**on_case, status=SheetStatus.PERFORMED)
        return sheets.values_list("damages", flat=True).first()
    return None
