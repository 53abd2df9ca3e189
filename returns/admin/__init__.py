"""Pages of goods and money."""

from returns.admin import books, inbox, lists, refunds, settings_pages

__all__ = ["books", "inbox", "lists", "refunds", "settings_pages"]
