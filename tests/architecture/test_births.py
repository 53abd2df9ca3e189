"""A row is born in the first status of its lifecycle; where it is not, a reason says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.apps import apps

from aftersales.kernel.transitions import HasStatus
from tests.architecture.source import Module, called, calls, modules
from tests.architecture.test_writing import STORYTELLER, status_fields

# Rows born in another status than the first one of their lifecycle: (path, what is written) → why.
BORN_ELSEWHERE = {
    (
        "clocks/calendar_seed.py",
        "CalendarYear.status=YearStatus.OFFICIAL",
    ): "the lists a desk starts with are out already",
    (
        "returns/services/exchanging.py",
        "ShopInstruction.status=InstructionStatus.WAITING if difference > 0 "
        "else InstructionStatus.PENDING",
    ): "only what costs more waits for a payment first",
    (
        "returns/services/money/by_hand.py",
        "Refund.status=RefundStatus.SUCCEEDED",
    ): "it was paid outside the desk before anybody here knew of it",
    (
        "returns/services/receiving.py",
        "ReturnItem.reception_status=item.reception_status",
    ): "a part of an article stands where the whole stood",
    (
        "returns/services/receiving.py",
        "ReturnItem.acceptance_status=item.acceptance_status",
    ): "the same",
    ("tickets/queries/case.py", "Clock.state=row['state']"): "read from a row, never saved",
    (
        "tickets/services/intake/door.py",
        "RawIntake.outcome=IntakeOutcome.TICKET",
    ): "the door answered at once: its case is made in this transaction",
    (
        "tickets/services/intake/feedback_rows.py",
        "RawIntake.outcome=IntakeOutcome.IGNORED if review.reason else IntakeOutcome.TICKET",
    ): "a file's rows are stored and handled in one transaction",
    (
        "tickets/services/intake/feedback_rows.py",
        "RawIntake.outcome=IntakeOutcome.DUPLICATE",
    ): "the same",
}
BIRTHS = ("create", "get_or_create", "update_or_create")
INITIAL_VALUES = ("defaults", "create_defaults")


def lifecycle_models() -> dict[str, type[HasStatus]]:
    return {model.__name__: model for model in apps.get_models() if issubclass(model, HasStatus)}


def root_of(call: ast.Call) -> str:
    """What a chain starts from: ``Draft`` for ``Draft.objects.filter().get_or_create()``."""
    root: ast.AST = call.func
    while isinstance(root, (ast.Attribute, ast.Call, ast.Subscript)):
        root = root.func if isinstance(root, ast.Call) else root.value
    return root.id if isinstance(root, ast.Name) else ""


def values_of(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Column → value of everything a call gives a new row, wherever it is written as a literal."""
    for keyword in call.keywords:
        is_spread = keyword.arg is None or keyword.arg in INITIAL_VALUES
        parts = [one for one in ast.walk(keyword.value) if isinstance(one, ast.Dict)]
        if not is_spread:
            yield str(keyword.arg), keyword.value
            continue
        for part in parts:
            for key, value in zip(part.keys, part.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), value
        if isinstance(keyword.value, ast.Call) and called(keyword.value) == "dict":
            yield from values_of(keyword.value)


def births(module: Module, models: dict[str, type[HasStatus]]) -> Iterator[tuple[str, str]]:
    """(place, what is written) of every new row whose status is not the lifecycle's first."""
    for call in calls(module.tree):
        is_row = called(call) in models
        if not is_row and called(call) not in BIRTHS:
            continue
        model = models.get(called(call) if is_row else root_of(call))
        columns = model.status_enums if model else status_fields()
        for column, value in values_of(call):
            if column in columns and not (model and is_first(model, column, value)):
                name = model.__name__ if model else "?"
                yield module.place(call), f"{name}.{column}={ast.unparse(value)}"


def is_first(model: type[HasStatus], column: str, value: ast.expr) -> bool:
    """Whether the value is written as the column's default (``MailStatus.QUEUED``), or as the
    first status declared where the column has none."""
    enum = model.status_enums[column]
    default = model._meta.get_field(column).default
    default = default if isinstance(default, enum) else next(iter(enum))
    name = value.attr if isinstance(value, ast.Attribute) else ""
    told = value.value if isinstance(value, ast.Constant) else None
    return name == default.name or told == default.value


def test_rows_are_born_in_the_first_status_of_their_lifecycle() -> None:
    models = lifecycle_models()
    found = {
        (place.split(":")[0], told)
        for module in modules()
        if not module.path.startswith(STORYTELLER)
        for place, told in births(module, models)
    }

    assert found - set(BORN_ELSEWHERE) == set()
    assert set(BORN_ELSEWHERE) - found == set(), "these are born in the first status by now"


def test_the_rule_of_birth_sees_every_way_of_writing() -> None:
    source = (
        "Ticket(status=S.OPEN)\nTicket.objects.create(status='open')\n"
        "Ticket.objects.get_or_create(number=1, defaults={'status': S.OPEN})\n"
        "Ticket.objects.filter(a=1).update_or_create(create_defaults=dict(status=S.OPEN))\n"
        "case.proposals.create(status=P.ACCEPTED)\nTicket(**{'status': S.OPEN})\n"
        "Ticket(**(values | {'status': S.OPEN}))\nTicket(status=S.OPEN).save_unless_taken()\n"
        "models.Ticket(status=given)\nTicket.objects.filter(status=S.OPEN)\n"
        "Ticket(status=S.NEW)\nTicket(subject='x')\n"
    )

    found = list(births(Module("x.py", ast.parse(source)), lifecycle_models()))

    assert sorted({place for place, _column in found}) == [f"x.py:{line}" for line in range(1, 10)]
