"""What the guard noticed, in words a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS = {
    "same_parcel": _("The same return parcel was paid for before: %(refunds)s."),
    "same_address": _("Another customer at this address got money back: %(refunds)s."),
    "same_phone": _("Another customer with this phone got money back: %(refunds)s."),
    "same_photo": _("The same photo proved another claim: %(refunds)s."),
    "same_amount": _("The same sum went back for this order before: %(refunds)s."),
    "return_known": _("This order has a return or exchange: %(returns)s. Is this for other goods?"),
    "paid_beside": _(
        "Money of this order went back without its articles being comparable: %(refunds)s."
        " Is this for other goods?"
    ),
    "many_claims": _("This customer has claimed %(count)s times in %(days)s days."),
    "fast_claims": _("This customer claimed for %(count)s other orders in %(days)s days."),
    "same_pair": _("The same agent asked for this customer %(count)s times in %(days)s days."),
}

# Numbers that are told one after another.
LISTS = ("refunds", "returns")


def in_words(reasons: Iterable[dict[str, Any]]) -> list[str]:
    """One sentence per sign, in the reader's language."""
    return [
        str(WORDS[sign["code"]])
        % {**sign, **{name: ", ".join(sign.get(name, ())) for name in LISTS}}
        for sign in reasons
    ]
