"""A case closes only when its goods are settled, and is neither canceled nor merged away before."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from returns.models import Refund, ReturnAuthorization, ShopInstruction
from returns.statuses import UNSETTLED, InstructionStatus
from tickets import gates
from tickets.gates import Gate

GATES = (
    Gate(
        "goods_settled",
        _("Every return is settled, declined or canceled"),
        _("Receive, inspect and settle the return, or cancel it."),
        lambda ticket: bool(ticket.gate_goods_settled),  # type: ignore[attr-defined]
        lambda: Exists(
            ReturnAuthorization.objects.filter(ticket=OuterRef("pk"), status__in=UNSETTLED)
        ),
        is_live=True,
    ),
    Gate(
        "shop_has_acted",
        _("The shop has carried out what it was asked"),
        _("Wait for the shop's confirmation, or cancel the order to the shop."),
        lambda ticket: bool(ticket.gate_shop_has_acted),  # type: ignore[attr-defined]
        lambda: Exists(
            ShopInstruction.objects.filter(
                ticket=OuterRef("pk"),
                status__in=[
                    InstructionStatus.WAITING,
                    InstructionStatus.PENDING,
                    InstructionStatus.CONFIRMED,
                ],
            )
        ),
        is_live=True,
    ),
)


def register_all() -> None:
    gates.register_flag("refunds", lambda: Exists(Refund.objects.filter(ticket=OuterRef("pk"))))
    gates.register_flag(
        "returns", lambda: Exists(ReturnAuthorization.objects.filter(ticket=OuterRef("pk")))
    )
    for gate in GATES:
        gates.register(gate)
