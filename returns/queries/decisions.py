"""A decision in words: the verdict's own where it was followed, a person's where it was not."""

from __future__ import annotations

from django.utils.translation import gettext as _

from compliance.models import AuditEvent
from returns.eligibility import Outcome
from returns.models import ReturnAuthorization
from returns.statuses import ReturnStatus

UNDECIDED = (ReturnStatus.REQUESTED, ReturnStatus.NEEDS_REVIEW, ReturnStatus.CANCELED)


def follows_verdict(rma: ReturnAuthorization) -> bool:
    """Whether nothing else was decided than the verdict said; true while nothing is decided."""
    if rma.status in UNDECIDED:
        return True
    is_declined = rma.status == ReturnStatus.DECLINED
    return rma.outcome == (Outcome.NOT_ELIGIBLE if is_declined else Outcome.ELIGIBLE)


def decision_sentence(rma: ReturnAuthorization) -> str:
    """Why it stands as it does, in the reader's language and without contradicting the decision."""
    if follows_verdict(rma):
        return rma.verdicts[0][1].deciding.sentence
    if rma.status == ReturnStatus.DECLINED:
        return _("Declined after a person looked at it.")
    return _("Accepted after a person looked at it.")


def appeal_words(rma: ReturnAuthorization) -> str:
    """Why the customer asked to look again, as they wrote it; '' without words or appeal."""
    if rma.appealed_at is None:
        return ""
    appeals = AuditEvent.objects.filter(
        subject_type=rma._meta.label_lower, subject_id=rma.pk, code="returns.appealed"
    )
    return appeals.values_list("note", flat=True).first() or ""
