"""The desk's pages about cases; importing a module registers what it declares."""

from tickets.admin import lists, settings_pages, ticket

__all__ = ["lists", "settings_pages", "ticket"]
