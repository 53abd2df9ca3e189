"""Markets whose law of remote sales is known here (law.md 3, 5). Another one asks a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """``window_days`` are calendar days after the goods arrived, rolled over rest days."""

    window_days: int
    basis: str
    has_closed_exclusions: bool


CHINA = Law(7, "消费者权益保护法 25; 七日无理由退货暂行办法 10", True)
EUROPEAN_UNION = Law(14, "Directive 2011/83/EU art. 9, 10", False)
UNITED_KINGDOM = Law(14, "Consumer Contracts Regulations 2013 reg. 30", False)

EU_MEMBERS = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
LAWS = {"CN": CHINA, "GB": UNITED_KINGDOM, **dict.fromkeys(["EU", *EU_MEMBERS], EUROPEAN_UNION)}

# Days to claim a fault and return or exchange the goods (art. 24; three guarantees 9, 10).
QUALITY_RETURN_DAYS = 7
QUALITY_EXCHANGE_DAYS = 15


def window_days(market: str) -> int | None:
    """Calendar days to return without a reason; ``None`` where no law is known."""
    law = LAWS.get(market)
    return law.window_days if law else None
