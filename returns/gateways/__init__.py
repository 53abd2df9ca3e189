"""Ways out of the house: one protocol, chosen by the code on the refund."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from returns.gateways.base import Answer, Gateway, Instruction
from returns.gateways.books_only import BooksOnly
from returns.gateways.manual import Manual
from returns.gateways.sandbox import Sandbox

__all__ = ["Answer", "Gateway", "Instruction", "gateway_of"]

GATEWAYS: dict[str, Gateway] = {one.code: one for one in (Manual(), Sandbox(), BooksOnly())}


def gateway_of(code: str) -> Gateway:
    """The gateway of that code; raises ``RuleViolated`` for one this desk does not know."""
    try:
        return GATEWAYS[code]
    except KeyError:
        raise RuleViolated("unknown_gateway", _("Unknown gateway.")) from None
