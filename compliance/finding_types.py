"""The registry of what can be found: the rule that did not hold, in words of both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftersales.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class FindingType:
    """A kind of finding: a control's code, or ``clocks.late``."""

    code: str
    label: Text


_types: dict[str, FindingType] = {}


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
