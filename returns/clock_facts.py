"""Returns and repairs as clocks see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.conditions import Fact, FactKind
from clocks import registry
from clocks.registry import Subject
from returns.choices import Claim, RepairCause, ReturnKind
from returns.eligibility import Outcome
from returns.eligibility.verdict import Route
from returns.models import Repair, ReturnAuthorization
from returns.queries.eligibility import open_window
from returns.statuses import UNSETTLED, RepairStatus, ReturnStatus

RELATED = ("ticket__assignee", "ticket__department", "order__shop")

RETURN_FACTS = (
    Fact("kind", _("what is asked for"), lambda rma: rma.kind, choices=ReturnKind.choices),
    Fact("claim", _("why"), lambda rma: rma.claim, choices=Claim.choices),
    Fact("outcome", _("verdict"), lambda rma: rma.outcome, choices=Outcome.choices),
    Fact("route", _("route"), lambda rma: rma.route, choices=Route.choices),
    Fact("status", _("status"), lambda rma: str(rma.status), choices=ReturnStatus.choices),
    Fact("market", _("market"), lambda rma: rma.order.shop.market),
    Fact("expects_goods", _("goods come back"), lambda rma: rma.expects_goods, FactKind.BOOLEAN),
)
CASE_WINDOW = Fact("due_at", _("time to ask for a return ends"), lambda case: open_window(case))
REPAIR_FACTS = (
    Fact("cause", _("why it takes long"), lambda row: row.cause, choices=RepairCause.choices),
    Fact("market", _("market"), lambda row: row.rma.order.shop.market),
)


def load_returns(ids: Sequence[int]) -> Mapping[int, ReturnAuthorization]:
    return ReturnAuthorization.objects.select_related(*RELATED).in_bulk(ids)


def load_repairs(ids: Sequence[int]) -> Mapping[int, Repair]:
    related = ("ticket__assignee", "ticket__department", "rma__order__shop")
    return Repair.objects.select_related(*related).in_bulk(ids)


def return_url(pk: int, _label: str) -> str:
    return reverse("admin:returns_returnauthorization_change", args=[pk])


RETURN = Subject(
    type="returns.returnauthorization",
    label=_("Return"),
    facts=RETURN_FACTS,
    load=load_returns,
    open_rows=lambda: ReturnAuthorization.objects.filter(status__in=UNSETTLED).select_related(
        *RELATED
    ),
    assignee=lambda rma: rma.ticket.assignee,
    department_id=lambda rma: rma.ticket.department_id,
    url=return_url,
)
REPAIR = Subject(
    type="returns.repair",
    label=_("Repair"),
    facts=REPAIR_FACTS,
    load=load_repairs,
    open_rows=lambda: Repair.objects.filter(status=RepairStatus.IN_REPAIR).select_related(
        "ticket__department", "rma__order__shop"
    ),
    reevaluate_on=("returns.repair_waits_for_parts",),
    assignee=lambda row: row.ticket.assignee,
    department_id=lambda row: row.ticket.department_id,
    url=lambda pk, _label: reverse("admin:returns_repair_change", args=[pk]),
)


def register() -> None:
    registry.add_fact("tickets.ticket", CASE_WINDOW)
    registry.register_subject(RETURN)
    registry.register_subject(REPAIR)
