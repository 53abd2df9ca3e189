"""Replaces simple-history's command of the same name."""

from compliance.refusals import HistoryIsKept as Command

__all__ = ["Command"]
