"""Who may write what: statuses in one place, audited rows by saving, verbs by services."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from aftersales.kernel.audited import AuditedModel
from aftersales.kernel.transitions import HasStatus
from tests.architecture.source import Module, called, calls, modules

# The demo writes finished stories as whole rows; the database's constraints judge them.
STORYTELLER = "aftersales/demo/"
STATUS_WRITER = "aftersales/kernel/transitions.py"
# Bulk writes that are right as they are: path → why.
BULK_WRITERS = {
    "aftersales/settings.py": "a dictionary, no rows",
    "compliance/services.py": "events only grow and carry no history of their own",
}
# Public functions in services that are no verbs: (path, name) → why.
NOT_VERBS = {
    ("clocks/services/consuming.py", "consume"): "runs inside the verb that recorded the event",
    ("clocks/services/consuming.py", "consume_first"): "the same, for a loader",
    ("clocks/services/reacting.py", "mark_breached"): "changes a row in memory for the sweep",
    ("clocks/services/reacting.py", "run_out"): "the same",
    ("clocks/services/reacting.py", "record_breach"): "part of the sweep's own transaction",
    (
        "clocks/services/recounting.py",
        "recount",
    ): "asks for jobs in the verb that changed a calendar",
    ("clocks/services/recounting.py", "recount_calendar"): "a transaction per batch",
    ("compliance/services.py", "record"): "runs inside the verb's own transaction",
    ("compliance/services.py", "record_many"): "the same",
    ("compliance/services.py", "build_event"): "builds an unsaved row",
    ("customers/services/imports.py", "preview_orders"): "reads a file, writes nothing",
    ("tickets/services/bulk.py", "preview_bulk"): "rehearses and takes everything back",
    ("tickets/services/bulk.py", "run_bulk"): "one service per case, each its own transaction",
    ("tickets/services/files.py", "draw_thumbnail"): "writes a file, no row",
    ("tickets/services/intake/door.py", "receive"): "stores raw first, then decides: two services",
    ("tickets/services/intake/door.py", "process_stored"): "the second of the two, tried again",
    ("tickets/services/intake/feedback.py", "import_rows"): "one service per batch of rows",
    ("tickets/services/intake/preview.py", "look_at"): "reads a file, writes nothing",
    ("tickets/services/web_form.py", "submit_web_form"): "calls services one after the other",
    ("staff/services/people.py", "system_actor"): "names the machine, is the actor",
    ("staff/services/people.py", "end_sessions"): "part of deactivate_user, no audited row",
    ("returns/services/money/approving.py", "approve_batch"): "one service per refund",
}


def status_fields() -> set[str]:
    """Names of all columns that carry a lifecycle."""
    return {
        name
        for model in apps.get_models()
        if issubclass(model, HasStatus)
        for name in model.status_enums
    }


def status_assignments(module: Module, names: set[str]) -> Iterator[str]:
    """Places that set a lifecycle column on an object, a queryset or by name."""
    for node in ast.walk(module.tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        for target in targets:
            for part in ast.walk(target):
                is_stored = isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
                if is_stored and part.attr in names:
                    yield module.place(node)
        if isinstance(node, ast.Call) and names_a_status(node, names):
            yield module.place(node)


def names_a_status(call: ast.Call, names: set[str]) -> bool:
    """``setattr(x, "status", …)``, ``rows.update(status=…)`` and the like."""
    if called(call) == "setattr":
        name = call.args[1]
        return isinstance(name, ast.Constant) and name.value in names
    if called(call) in ("update", "save", "update_or_create", "__setattr__"):
        return bool({keyword.arg for keyword in call.keywords} & names)
    return False


def test_status_is_assigned_in_transitions_only() -> None:
    names = status_fields()
    found = [
        place
        for module in modules()
        if module.path != STATUS_WRITER
        for place in status_assignments(module, names)
        # FollowUp.outcome and others are texts; a lifecycle column is told by its model below.
        if place.split(":")[0] not in TEXT_OUTCOMES and not place.startswith(STORYTELLER)
    ]

    assert {"status", "outcome"} <= names
    assert found == []


# Files that set a text of the same name as a lifecycle column: path → why.
TEXT_OUTCOMES = {
    "tickets/services/follow_ups.py": "FollowUp.outcome is what was said, no state",
}


def test_the_status_rule_sees_every_way_of_writing() -> None:
    source = (
        "a.status = 1\na.b.status, c = 1, 2\nsetattr(a, 'status', 1)\n"
        "rows.update(status=1)\na.status: int = 1\nb.save(status=1)\na.state = 1\n"
    )

    found = list(status_assignments(Module("x.py", ast.parse(source)), {"status"}))

    assert sorted(found) == ["x.py:1", "x.py:2", "x.py:3", "x.py:4", "x.py:5", "x.py:6"]


def bulk_writes(module: Module) -> Iterator[str]:
    """Places that write rows without saving them one by one, or with F()."""
    for call in calls(module.tree):
        name = called(call)
        queryset_update = name == "update" and bool(call.keywords) and not call.args
        if queryset_update or name in ("bulk_update", "bulk_create"):
            yield module.place(call)
        if name == "_raw_delete":
            yield module.place(call)
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Attribute)
            and any(called(call) == "F" for call in calls(node.value))
        ):
            yield module.place(node)


def unaudited_names() -> set[str]:
    """Names of models that carry no history, which may be written in bulk."""
    return {model.__name__ for model in apps.get_models() if not issubclass(model, AuditedModel)}


def writes_to_unaudited(module: Module, place: str) -> bool:
    """Whether the statement starts from a model without history: ``Draft.objects…update()``."""
    line = int(place.rsplit(":", 1)[1])
    for call in calls(module.tree):
        if call.lineno == line and called(call) in ("update", "bulk_create", "bulk_update"):
            root: ast.AST = call.func
            while isinstance(root, (ast.Attribute, ast.Call)):
                root = root.value if isinstance(root, ast.Attribute) else root.func
            if isinstance(root, ast.Name) and root.id in unaudited_names():
                return True
    return False


def test_audited_rows_are_saved_never_updated_in_bulk() -> None:
    found = [
        place
        for module in modules()
        if module.path not in BULK_WRITERS
        for place in bulk_writes(module)
        if not writes_to_unaudited(module, place)
    ]

    assert found == []


def test_the_bulk_rule_sees_every_way_of_writing() -> None:
    source = (
        "T.objects.filter(a=1).update(b=2)\nT.objects.bulk_create(x)\nrows.bulk_update(x, ['b'])\n"
        "a.n = F('n') + 1\nrows._raw_delete('x')\ncontext.update({'a': 1})\n"
    )

    found = list(bulk_writes(Module("x.py", ast.parse(source))))

    assert sorted(found) == ["x.py:1", "x.py:2", "x.py:3", "x.py:4", "x.py:5"]


def is_services(path: str) -> bool:
    return path.endswith("/services.py") or "/services/" in path


def public_functions(module: Module) -> Iterator[ast.FunctionDef]:
    return (
        node
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )


def writes(function: ast.FunctionDef) -> bool:
    """Whether it saves, records or asks for a job itself."""
    verbs = {"save", "delete", "record", "enqueue", "move", "update", "create", "get_or_create"}
    return any(called(call) in verbs for call in calls(function))


def used_from_outside() -> set[tuple[str, str]]:
    """(module path, function) of everything in services that another part of the code names."""
    used = set()
    for module in modules():
        aliases: dict[str, str] = {}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not is_services(module.path):
                for one in node.names:
                    for path in paths_of(node.module):
                        used.add((path, one.name))
                    for path in paths_of(f"{node.module}.{one.name}"):
                        aliases[one.asname or one.name] = path
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.add((aliases.get(node.value.id, ""), node.attr))
    return used


def is_used(path: str, name: str, used: set[tuple[str, str]]) -> bool:
    """Named directly, or by way of a package that hands it on."""
    packages = (f"{parent}/__init__.py" for parent in Path(path).parents)
    return any((one, name) in used for one in (path, *packages))


def paths_of(dotted: str) -> list[str]:
    """The file behind a module's name, if it belongs to services."""
    path = dotted.replace(".", "/")
    return [one for one in (f"{path}.py", f"{path}/__init__.py") if is_services(one)]


def required_actor(function: ast.FunctionDef) -> bool:
    arguments = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return any(one.arg == "actor" and default is None for one, default in arguments)


def is_service(function: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "service" for one in function.decorator_list)


def test_every_service_requires_its_actor() -> None:
    wrong = [
        f"{module.place(function)} {function.name}"
        for module in modules()
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        and is_service(function)
        and not required_actor(function)
    ]

    assert wrong == []


def test_doors_call_services_only() -> None:
    """What writes or takes an actor and is called from outside is one transaction, signed."""
    used = used_from_outside()
    wrong = [
        f"{module.place(function)} {function.name}"
        for module in modules()
        if is_services(module.path)
        for function in public_functions(module)
        if is_used(module.path, function.name, used)
        and (module.path, function.name) not in NOT_VERBS
        and (writes(function) or required_actor(function))
        and not is_service(function)
    ]

    assert len(used) > 20
    assert wrong == []


def test_exemptions_name_functions_that_exist() -> None:
    existing = {
        (module.path, function.name)
        for module in modules()
        for function in public_functions(module)
    }

    assert set(NOT_VERBS) <= existing
    assert {*BULK_WRITERS, *TEXT_OUTCOMES} <= {module.path for module in modules()}


def test_only_the_demo_tells_of_another_moment() -> None:
    """``clock.telling`` dates what services write: outside invented cases that is forgery."""
    users = {
        module.path
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and "telling" in {name.name for name in node.names}
        if node.module == "aftersales.kernel.clock"
    }

    assert users
    assert all(path.startswith(STORYTELLER) for path in users)


def test_personal_data_is_shown_through_one_door() -> None:
    found = {
        module.path
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "compliance.services"
        if any(one.name == "disclose" for one in node.names)
    }

    assert found == {"customers/services/disclosing.py"}
