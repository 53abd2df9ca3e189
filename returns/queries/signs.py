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
    "many_claims": _("This customer has claimed %(count)s times in %(days)s days."),
    "fast_claims": _("This customer claimed for %(count)s other orders in %(days)s days."),
    "same_pair": _("The same agent asked for this customer %(count)s times in %(days)s days."),
}


def in_words(reasons: Iterable[dict[str, Any]]) -> list[str]:
    """One sentence per sign, in the reader's language."""
    return [
        str(WORDS[sign["code"]]) % {**sign, "refunds": ", ".join(sign.get("refunds", ()))}
        for sign in reasons
    ]
