"""May these goods come back? Pure functions over facts; the chain of law.md 6.1 in its order."""

from returns.eligibility.chain import CHAIN_VERSION, judge
from returns.eligibility.facts import Facts, Promise, Quality
from returns.eligibility.verdict import Outcome, RowResult, RuleResult, Verdict, combined

__all__ = [
    "CHAIN_VERSION",
    "Facts",
    "Outcome",
    "Promise",
    "Quality",
    "RowResult",
    "RuleResult",
    "Verdict",
    "combined",
    "judge",
]
