"""What the forms of hand-overs say in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance import events, wording
from compliance.wording import Row, Wording
from handoffs.fields import Field, label_of, shown_answers


def fields(value: list[Field], row: Row) -> str:
    """The fields of a form by their labels."""
    return ", ".join(map(label_of, value))


def answers_to(form: str) -> Wording:
    """Answers by the labels of the form in the same row; what the form does not know as it is."""

    def words(value: Mapping[str, Any], row: Row) -> str:
        asked = row[form]
        known = {field["name"] for field in asked}
        rest = [(name, one) for name, one in value.items() if name not in known]
        said = [*shown_answers(asked, value), *rest]
        return "; ".join(f"{label}: {one}" for label, one in said)

    return words


def register() -> None:
    events.register_variants({"pause": _("puts the case on hold")})
    wording.register("handoffs.handofftemplate", ask_fields=fields, answer_fields=fields)
    wording.register(
        "handoffs.handoff",
        ask_fields=fields,
        answer_fields=fields,
        asked=answers_to("ask_fields"),
        answered=answers_to("answer_fields"),
    )
