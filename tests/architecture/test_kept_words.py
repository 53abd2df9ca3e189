"""What a machine writes down is kept in each language, not in that of the process that wrote it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, called, modules

EAGER = {"gettext", "ngettext", "pgettext"}
# Where words can end in a column: verbs, jobs and the steps of promises.
WRITERS = ("/services/", "/jobs.py", "/sweeps.py", "clock_actions.py", "_step.py", "_steps.py")
# Functions that put words together at once: (path, name) → why that is right there.
SAID_AT_ONCE = {
    ("clocks/services/checking.py", "_check_steps"): "a refusal of a form, answered at once",
    ("clocks/services/checking.py", "_step_problem"): "a part of it",
    ("clocks/services/consuming.py", "_moved"): "called once per language",
    ("staff/clock_steps.py", "unled_departments"): "a warning of a command, kept nowhere",
    ("tickets/services/bulk.py", "words"): "what the page says before it is done",
    ("tickets/services/bulk.py", "_line"): "a line of the page's answer",
    ("tickets/services/facts.py", "words_of"): "a part of a form's refusal",
    ("tickets/services/customer_page.py", "write_on_page"): "the customer's own page and words",
    ("tickets/services/intake/feedback_reading.py", "too_long"): "a line of the import's answer",
    ("tickets/services/intake/reading.py", "readable"): "what a page shows, kept nowhere",
}


def said_at_once(module: Module) -> Iterator[tuple[str, str]]:
    """Functions that translate into the language of the moment, outside of refusals and of what
    ``in_each_language`` and ``lazily`` are given."""
    eager = {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in EAGER
    }
    waiting: list[tuple[ast.AST, str]] = [(module.tree, "")]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, (ast.Lambda, ast.Raise)):
            continue
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if isinstance(node, ast.Call) and called(node) in eager:
            yield module.path, function
        waiting += [(child, function) for child in ast.iter_child_nodes(node)]


def writers() -> list[Module]:
    return [one for one in modules() if any(part in one.path for part in WRITERS)]


def test_words_that_may_be_kept_are_said_in_each_language() -> None:
    found = {place for module in writers() for place in said_at_once(module)}

    assert found == SAID_AT_ONCE.keys()


def test_the_rule_sees_words_of_the_moment() -> None:
    source = (
        "from django.utils.translation import gettext as _\n"
        "def kept():\n    log(note=_('Kept'))\n"
        "def refused():\n    raise RuleViolated('x', _('Refused'))\n"
        "def both():\n    return in_each_language(lambda: _('Both'))\n"
    )

    assert list(said_at_once(Module("x.py", ast.parse(source)))) == [("x.py", "kept")]
