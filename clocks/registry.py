"""What can be promised something: subjects, registered by the apps that own them.

Clocks lie below cases, returns and handoffs and learn of them only here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from aftersales.kernel.conditions import Fact, Facts
from aftersales.kernel.errors import Text

Row = models.Model


def nowhere(pk: int, label: str) -> str:
    return ""


def nobody(obj: Any) -> Any:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A kind of object promises are about.

    ``load`` fetches rows with all that facts read. ``lock`` locks up to so many of the rows, in
    order of pk, leaving out those that somebody else holds; a subject inside a case needs none,
    its case is locked. ``set_due`` puts the nearest due time onto the object in memory, the verb
    saves it; ``save_due`` does so outside a verb. ``open_rows`` are those a new rule could meet.
    ``url`` leads from an id and a label to the page of the object.
    """

    type: str
    label: Text
    facts: Sequence[Fact]
    load: Callable[[Sequence[int]], Mapping[int, Any]]
    lock: Callable[[Sequence[int], int], Mapping[int, Any]] | None = None
    open_rows: Callable[[], models.QuerySet[Any]] | None = None
    set_due: Callable[[Any, datetime | None], None] | None = None
    save_due: Callable[[Any], None] | None = None
    reevaluate_on: Sequence[str] = ()
    assignee: Callable[[Any], Any] = nobody
    department_id: Callable[[Any], int | None] = nobody
    url: Callable[[int, str], str] = nowhere
    is_case: bool = False
    by_code: dict[str, Fact] = field(init=False, compare=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_code.update({fact.code: fact for fact in self.facts})

    def one(self, pk: int) -> Any:
        """The row with all that facts read; ``None`` when it is gone."""
        return self.load([pk]).get(pk)

    def facts_of(self, obj: Any) -> Facts:
        """What conditions can ask of ``obj``, read on demand."""
        return Facts(self.by_code, obj)


_subjects: dict[str, Subject] = {}
_scopes: list[Callable[[Any], models.QuerySet[Any] | None]] = []


def register_subject(subject: Subject) -> None:
    """Add a kind of object; called from ``AppConfig.ready()``."""
    if _subjects.setdefault(subject.type, subject) is not subject:
        raise ValueError(f"clock subject {subject.type} is registered twice")


def add_fact(subject_type: str, fact: Fact) -> None:
    """Let rules about a lower app's objects ask what only an upper app knows."""
    if get(subject_type).by_code.setdefault(fact.code, fact) is not fact:
        raise ValueError(f"fact {fact.code} of {subject_type} is registered twice")


def register_case_scope(scope: Callable[[Any], models.QuerySet[Any] | None]) -> None:
    """Say which cases a person sees: their ids, or ``None`` for all of them."""
    _scopes[:] = [scope]


def subjects() -> Mapping[str, Subject]:
    return dict(_subjects)


def find(subject_type: str) -> Subject | None:
    """The subject behind a type; ``None`` for objects nothing is promised about."""
    return _subjects.get(subject_type)


def get(subject_type: str) -> Subject:
    """The subject behind a type; raises ``LookupError`` for one nobody registered."""
    try:
        return _subjects[subject_type]
    except KeyError:
        raise LookupError(f"unknown clock subject {subject_type}") from None


def url_of(subject_type: str, pk: int, label: str) -> str:
    """The page of an object for people; '' when it has none."""
    subject = find(subject_type)
    return subject.url(pk, label) if subject else ""


def case_subject() -> Subject | None:
    """The kind of object that is a case."""
    return next((one for one in _subjects.values() if one.is_case), None)


def sees_everything(user: Any) -> bool:
    return bool(_scopes) and _scopes[0](user) is None


def visible_case_ids(user: Any) -> models.QuerySet[Any] | list[int]:
    """Ids of the cases the person sees, as a subquery."""
    scope = _scopes[0](user) if _scopes else None
    return [] if scope is None else scope
