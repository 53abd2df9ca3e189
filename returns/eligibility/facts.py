"""What the chain reads. Whoever asks gathers it; nothing here looks anything up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from returns.choices import NO_REASON_CLAIMS, Claim, ReturnKind

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Traits of an order line the chain knows, as the shop reports them.
MADE_TO_ORDER = "made_to_order"
VARIANT_OFF_THE_SHELF = "variant"
PRODUCTION_PROOF = "production_proof"
PERISHABLE = "perishable"
DIGITAL = "digital"
DOWNLOADED = "downloaded"
PERIODICAL = "periodical"
SEALED = "sealed"
INTIMATE = "intimate"
ACTIVATED = "activated"
NEAR_EXPIRY = "near_expiry"
FLAWED = "flawed"
PRE_TICKED = "confirmation_preticked"
GIFT = "gift"
THREE_GUARANTEES = "three_guarantees"

TRAITS = (
    *(MADE_TO_ORDER, VARIANT_OFF_THE_SHELF, PRODUCTION_PROOF, PERISHABLE, DIGITAL, DOWNLOADED),
    *(PERIODICAL, SEALED, INTIMATE, ACTIVATED, NEAR_EXPIRY, FLAWED, PRE_TICKED, GIFT),
    THREE_GUARANTEES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A policy version that gives more than the law; ``window_end`` is exclusive.

    ``covers`` names the exclusions (E05–E11) the shop gives up.
    """

    label: str
    window_end: datetime | None = None
    covers: frozenset[str] = frozenset()
    covers_counter_sales: bool = False
    covers_business: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Ends (exclusive) and counts of the route for faults; ``None``: no delivery is known."""

    return_end: datetime | None = None
    exchange_end: datetime | None = None
    warranty_end: datetime | None = None
    failed_repairs: int = 0
    is_repair_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One order line and what is asked for it.

    ``window_end`` is when the legal time to ask ends (exclusive, rolled over rest days); ``None``
    while the goods have not arrived. ``findings`` are what an inspection found broken (6.2).
    """

    claim: str
    noticed_at: datetime
    kind: str = ReturnKind.RETURN_AND_REFUND
    market: str = "CN"
    zone: ZoneInfo = SHANGHAI
    is_remote: bool = True
    is_business: bool = False
    window_end: datetime | None = None
    promise: Promise | None = None
    traits: frozenset[str] = frozenset()
    is_opened: bool = False
    is_marked_on_page: bool = False
    is_confirmed_at_purchase: bool = False
    is_stated_damaged: bool = False
    findings: tuple[str, ...] = ()
    has_photos: bool = False
    missing_extras: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    quality: Quality = field(default_factory=Quality)

    @property
    def is_no_reason(self) -> bool:
        return Claim(self.claim) in NO_REASON_CLAIMS

    @property
    def is_intact(self) -> bool:
        return not self.findings and not self.is_stated_damaged

    @property
    def has_confirmation(self) -> bool:
        """Confirmed for this purchase by the buyer's own act (regulations art. 19(2))."""
        return self.is_confirmed_at_purchase and PRE_TICKED not in self.traits

    @property
    def is_in_legal_window(self) -> bool:
        return self.window_end is None or self.noticed_at < self.window_end

    @property
    def is_promised_in_time(self) -> bool:
        """Whether a promise covers the time, its own or the law's."""
        if self.promise is None:
            return False
        end = self.promise.window_end
        return self.is_in_legal_window or (end is not None and self.noticed_at < end)
