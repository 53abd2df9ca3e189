"""The customer's express consent to another way back than the one of the payment.

七日无理由退货暂行办法 14: money goes back the way it was paid unless the customer expressly agrees
to another. Store credit is the only other way this desk knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, Text
from returns.models import Refund
from returns.money_choices import RefundMeans
from returns.queries.consents import accepted_proposals, words_of_customer
from tickets.services.shared import require_text

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How the customer agreed: a message of the case, a proposal they accepted on the status page,
    or in words how else («by phone, 14:20, wants credit»)."""

    words: str = ""
    message: int | None = None
    proposal: int | None = None


NO_CONSENT = Consent()


def write_consent(refund: Refund, given: Consent) -> None:
    """Set what shows the consent and when it was given; saves nothing.

    Raises ``RuleViolated`` for store credit without it and for consent nothing needs.
    """
    before = consent_state(refund)
    if refund.means != RefundMeans.STORE_CREDIT:
        if given != NO_CONSENT:
            raise RuleViolated(
                "consent_without_credit",
                _("Consent goes with store credit; other money goes back as it was paid."),
                field="consent",
            )
        refund.consent, refund.consented_at = "", None
        refund.consent_message = refund.consent_proposal = None
        return
    refund.consent = given.words.replace("\x00", "").strip()
    refund.consent_message = refund.consent_proposal = None
    said_at = _shown_by_the_case(refund, given)
    if said_at is None:
        refund.consent = _require_words(refund.consent)
    else:
        require_text(refund.consent, "consent", least=0, most=300)
    is_same = refund.consented_at is not None and before[:-1] == consent_state(refund)[:-1]
    if not is_same:
        refund.consented_at = said_at or now()


def _require_words(words: str) -> str:
    if not words:
        raise RuleViolated(
            "consent_missing",
            _("Store credit needs the customer's express consent: say how they agreed."),
            field="consent",
        )
    return require_text(words, "consent", least=4, most=300)


def _shown_by_the_case(refund: Refund, given: Consent) -> datetime | None:
    """Point at the message or the proposal, if one is given; returns when the customer agreed."""
    if given.message is not None and given.proposal is not None:
        raise RuleViolated(
            "two_consents", _("Name the message or the proposal, not both."), field="consent"
        )
    if given.message is not None:
        message = words_of_customer(refund.ticket_id).filter(pk=given.message).first()
        told = _("This is no message of the customer on this case.")
        refund.consent_message = _known(message, "foreign_message", told)
        return refund.consent_message.created_at
    if given.proposal is not None:
        proposal = accepted_proposals(refund.ticket_id).filter(pk=given.proposal).first()
        told = _("The customer has not accepted this proposal on the status page.")
        refund.consent_proposal = _known(proposal, "not_accepted", told)
        return refund.consent_proposal.answered_at
    return None


def _known(found: M | None, code: str, told: Text) -> M:
    if found is None:
        raise RuleViolated(code, told, field="consent")
    return found


def require_consent(refund: Refund) -> None:
    """Refuse store credit whose consent was never recorded (asked for before it was needed)."""
    if refund.means == RefundMeans.STORE_CREDIT and refund.consented_at is None:
        _require_words("")


def consent_state(refund: Refund) -> tuple[object, ...]:
    """What was recorded; the moment last."""
    return (
        refund.consent,
        refund.consent_message_id,
        refund.consent_proposal_id,
        refund.consented_at,
    )


def consent_told(refund: Refund) -> dict[str, Any]:
    """The consent as events tell it; nothing for money that goes back as it was paid."""
    if refund.means != RefundMeans.STORE_CREDIT:
        return {}
    return {
        "means": refund.means,
        "consent": refund.consent,
        "consent_message": refund.consent_message_id,
        "consent_proposal": refund.consent_proposal_id,
        "consented_at": refund.consented_at.isoformat() if refund.consented_at else "",
    }
