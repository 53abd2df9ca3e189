"""The registry of what can be found, in words of both languages, and of who answers for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aftersales.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class FindingType:
    """A kind of finding: a control's code, or ``clocks.late``."""

    code: str
    label: Text


# The department's id → the person who settles what is found there, a staff user or nobody.
OwnerOf = Callable[[int], Any]

_types: dict[str, FindingType] = {}
_owner_of: list[OwnerOf] = []


def register(types: Iterable[FindingType]) -> None:
    """Add types from an app's ``ready()``; a code given twice must agree on its label."""
    for finding_type in types:
        if _types.setdefault(finding_type.code, finding_type) != finding_type:
            raise ValueError(f"finding {finding_type.code} is registered twice")


def get(code: str) -> FindingType:
    """The type behind a code; raises ``LookupError`` for a code nobody registered."""
    try:
        return _types[code]
    except KeyError:
        raise LookupError(f"unknown finding {code}") from None


def label(code: str) -> str:
    """The words for a code; a retired code of an old finding is shown as it is."""
    known = _types.get(code)
    return str(known.label) if known else code


def register_owner(owner_of: OwnerOf) -> None:
    """Say who answers for a department; the app that knows people does so from ``ready()``."""
    _owner_of[:] = [owner_of]


def owner_of(department_id: int | None) -> Any:
    """Who settles findings of a department; ``None`` without one."""
    return _owner_of[0](department_id) if _owner_of and department_id is not None else None
