"""The desk's pages about cases; importing a module registers what it declares."""

from tickets.admin import intake, lists, settings_pages, ticket

__all__ = ["intake", "lists", "settings_pages", "ticket"]
