"""Three-way reconciliation: our ledger, the gateway's statement, the payments of the orders.

What agrees is booked as gone from the bank; each difference becomes work with an owner.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.services import service
from compliance.services import record
from returns.models import Statement, StatementLine
from returns.policies_money import can_pay
from returns.services.money.comparing import Comparison, Report
from returns.statement_file import StatementFile
from staff.models import User
from staff.querysets import is_system


@service
def reconcile(
    file: StatementFile, *, actor: User, gateway: str, file_name: str, note: str = ""
) -> Report:
    """Compare a statement with the books and open an item for each difference.

    The same file may be read again: it is one statement, cleared once, and its open items stay.
    Raises ``RuleViolated`` for a statement without a movement.
    """
    require(is_system(actor) or can_pay(actor))
    if not file.movements:
        raise RuleViolated("empty_statement", _("This statement holds no movement."), field="file")
    statement = _keep(file, gateway, file_name)
    run = Comparison(actor, gateway, statement)
    refunds = run.refunds_of(file.movements)
    for movement in file.movements:
        run.compare(movement, refunds.get(movement.number) or refunds.get(movement.reference))
    run.find_twice(file.movements)
    run.find_missing({movement.number for movement in file.movements})
    run.check_payments(file.movements, refunds)
    record(
        "returns.statement_read",
        statement,
        actor=actor,
        note=note,
        data={"movements": run.report.movements, "differences": dict(run.report.differences)},
    )
    return run.report


def _keep(file: StatementFile, gateway: str, file_name: str) -> Statement:
    """The statement as a row with its lines, once per file."""
    known: Statement | None = Statement.objects.filter(digest=file.digest).first()
    if known is not None:
        return known
    times = [movement.happened_at for movement in file.movements]
    first = timezone.localtime(min(times)).replace(hour=0, minute=0, second=0, microsecond=0)
    last = timezone.localtime(max(times)).replace(hour=0, minute=0, second=0, microsecond=0)
    statement = Statement(
        gateway=gateway,
        file_name=file_name[:200],
        digest=file.digest,
        starts_at=first,
        ends_at=last + timedelta(days=1),
        imported_at=now(),
    )
    statement.save(force_insert=True)
    for one in file.movements:
        StatementLine(
            statement=statement,
            row=one.row,
            gateway_number=one.number,
            reference=one.reference,
            amount=one.amount,
            currency=one.currency,
            result=one.result,
            happened_at=one.happened_at,
        ).save(force_insert=True)
    return statement
