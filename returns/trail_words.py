"""What codes of returns and refunds say in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.localized import localized
from compliance import events, wording
from compliance.wording import Row, Wording
from returns.eligibility import Outcome as Answer
from returns.eligibility.condition import CARTON, FORMS
from returns.eligibility.sentences import EXCLUSIONS, FINDINGS, TRAITS, Pair
from returns.eligibility.verdict import Route, thawed
from returns.money_choices import Outcome
from returns.money_statuses import ApprovalStatus, RefundStatus
from returns.queries.signs import in_words

QUESTIONS = {one.code: one for form in FORMS.values() for one in form.questions} | {
    CARTON.code: CARTON
}
TOTALS = {
    "amount": gettext_lazy("amount"),
    "order": gettext_lazy("order"),
    "customer": gettext_lazy("customer"),
    "agent": gettext_lazy("requested by"),
}
# Where money goes out and who fetches parcels, by the codes of ``gateways`` and ``carriers``.
GATEWAYS: Mapping[str, Pair] = {
    "manual": ("bank transfer by hand", "人工转账"),
    "sandbox": ("sandbox", "沙箱"),
    "books": ("our own books", "本店账簿"),
}
CARRIERS: Mapping[str, Pair] = {
    "manual": ("without a booking", "不预约"),
    "sandbox": ("sandbox", "沙箱"),
}
VARIANTS = {
    Route.NO_REASON.value: Route.NO_REASON.label,
    Route.QUALITY.value: Route.QUALITY.label,
    ApprovalStatus.GRANTED.value: ApprovalStatus.GRANTED.label,
    "first": gettext_lazy("the first parcel"),
    "nothing_owed": gettext_lazy("nothing is owed"),
}


def name_of(known: Mapping[str, Pair], code: str) -> str:
    """A code by its word in the reader's language; one nobody knows as it is."""
    return localized(*known.get(code, (code, code)))


def pairs(known: Mapping[str, Pair]) -> Wording:
    """Codes by words that are kept in both languages."""
    return wording.each(lambda code: name_of(known, code))


def answers(value: Mapping[str, bool], row: Row) -> str:
    """What was asked at the bench, and the answers."""
    return "; ".join(
        f"{QUESTIONS[code].text if code in QUESTIONS else code} {_('Yes') if is_so else _('No')}"
        for code, is_so in value.items()
    )


def verdict(value: dict[str, Any], row: Row) -> str:
    """The answer and the sentence that decided, per article."""
    found = [thawed(line["verdict"]) for line in value["lines"]]
    return "; ".join(f"{Answer(one.outcome).label}: {one.deciding.sentence}" for one in found)


def register() -> None:
    events.register_variants(VARIANTS)
    wording.register("customers.orderline", traits=pairs(TRAITS))
    wording.register("returns.returnpolicy", covers_exclusions=pairs(EXCLUSIONS))
    wording.register("returns.returnauthorization", verdict=verdict)
    wording.register(
        "returns.inspection",
        form=wording.each(lambda code: FORMS[code].title),
        answers=answers,
        findings=pairs(FINDINGS),
    )
    wording.register("returns.guardhold", reasons=lambda signs, row: " ".join(in_words(signs)))
    wording.register("returns.approvalrequest", totals=wording.keyed(TOTALS))
    gateways, carriers = pairs(GATEWAYS), pairs(CARRIERS)
    wording.register("returns.refund", basis_type=wording.kind_of_object, gateway=gateways)
    wording.register("returns.statement", gateway=gateways)
    wording.register("returns.returnaddress", carrier=carriers)
    wording.register("returns.returnparcel", carrier=carriers)
    states = wording.labelled([*RefundStatus.choices, *Outcome.choices])
    wording.register("returns.reconciliationitem", ours=states, theirs=states)
