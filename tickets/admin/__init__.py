"""The desk's pages about cases; importing a module registers what it declares."""

from customers import sections
from tickets.admin import customer_ratings, intake, lists, settings_pages, ticket

sections.register(customer_ratings.SECTION)

__all__ = ["intake", "lists", "settings_pages", "ticket"]
