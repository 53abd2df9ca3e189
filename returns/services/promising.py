"""Writing, revising and retiring what the shop promises on returns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from compliance.services import record
from customers.models import Tier
from returns.eligibility.chain import CONFIRMABLE, STATUTORY
from returns.models import ReturnPolicy
from returns.policies import can_revise_policy
from returns.services.shared import require_text
from staff.models import User

LONGEST_DAYS, LONGEST_MONTHS = 3650, 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A policy in full; what is left out is what the law gives."""

    name: str
    name_zh: str
    category: str = ""
    market: str = ""
    tier: str = ""
    effective_to: datetime | None = None
    window_days: int = 0
    warranty_months: int = 0
    covers_exclusions: list[str] = field(default_factory=list)
    covers_counter_sales: bool = False
    covers_business: bool = False
    is_return_free: bool = False
    refunds_delivery_fee: bool = False
    free_shipping_from: Decimal | None = None
    delivery_fee: Decimal | None = None
    return_freight_cap: Decimal | None = None
    needs_carton: bool = False
    is_automatic: bool = True


@service
def write_policy(
    code: str,
    terms: Terms,
    *,
    actor: User,
    note: str = "",
    effective_from: datetime | None = None,
) -> ReturnPolicy:
    """Put a first version in force; raises ``RuleViolated`` for a code that exists."""
    require(can_revise_policy(actor))
    if ReturnPolicy.objects.filter(code=code).exists():
        raise RuleViolated("code_taken", _("This code is taken; revise that policy."), field="code")
    return _put_in_force(code, 1, terms, actor, note, effective_from or now())


@service
def revise_policy(policy_id: int, terms: Terms, *, actor: User, note: str) -> ReturnPolicy:
    """Put the next version in force from now on; orders placed before keep what they had."""
    current = _lock_current(policy_id, actor)
    require_text(note, "note", least=4, most=500)
    _take_out(current)
    newest = ReturnPolicy.objects.filter(code=current.code).aggregate(Max("version"))
    return _put_in_force(
        current.code, newest["version__max"] + 1, terms, actor, note, current.effective_to or now()
    )


@service
def retire_policy(policy_id: int, *, actor: User, note: str) -> ReturnPolicy:
    """End a promise for orders from now on; needs a reason."""
    current = _lock_current(policy_id, actor)
    require_text(note, "note", least=4, most=500)
    _take_out(current)
    record("returns.policy_retired", current, actor=actor, note=note)
    return current


def _lock_current(policy_id: int, actor: User) -> ReturnPolicy:
    require(can_revise_policy(actor))
    policy = ReturnPolicy.objects.select_for_update().get(pk=policy_id)
    if not policy.is_current:
        raise InvalidTransition(_("A later version is in force, or the policy has ended."))
    return policy


def _take_out(policy: ReturnPolicy) -> None:
    policy.is_current, policy.effective_to = False, max(now(), policy.effective_from)
    policy.save(update_fields=["is_current", "effective_to"])


def _put_in_force(
    code: str, version: int, terms: Terms, actor: User, note: str, since: datetime
) -> ReturnPolicy:
    check_terms(terms, since)
    policy = ReturnPolicy(code=code, version=version, effective_from=since, **asdict(terms))
    policy.save(force_insert=True)
    record(
        "returns.policy_written",
        policy,
        actor=actor,
        note=note,
        data={"code": code, "version": version},
    )
    return policy


def check_terms(terms: Terms, since: datetime) -> None:
    """Raise for terms nobody could mean; each names its field."""
    require_text(terms.name, "name", most=80)
    require_text(terms.name_zh, "name_zh", most=80)
    _within(terms.window_days, LONGEST_DAYS, "window_days")
    _within(terms.warranty_months, LONGEST_MONTHS, "warranty_months")
    if terms.tier and terms.tier not in Tier.values:
        raise RuleViolated("unknown_choice", _("Choose one of the list."), field="tier")
    if unknown := set(terms.covers_exclusions) - STATUTORY - CONFIRMABLE:
        raise RuleViolated(
            "unknown_exclusion",
            _("Not an exclusion: %(codes)s.") % {"codes": ", ".join(sorted(unknown))},
            field="covers_exclusions",
        )
    if terms.effective_to is not None and terms.effective_to <= since:
        raise RuleViolated(
            "ends_before_start", _("The end must be after the start."), field="effective_to"
        )
    if (terms.free_shipping_from is None) != (terms.delivery_fee is None):
        raise RuleViolated(
            "incomplete",
            _("Free delivery needs both: from which sum, and the fee below it."),
            field="delivery_fee",
        )


def _within(value: Any, most: int, name: str) -> None:
    if not 0 <= value <= most:
        raise RuleViolated(
            "out_of_range",
            _("A whole number from 0 to %(most)s is expected.") % {"most": most},
            field=name,
        )
