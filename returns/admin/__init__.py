"""Pages of goods and money."""

from returns.admin import books, inbox, refunds

__all__ = ["books", "inbox", "refunds"]
