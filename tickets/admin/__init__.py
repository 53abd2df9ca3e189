"""The desk's pages about cases; importing a module registers what it declares."""

from tickets.admin import ticket

__all__ = ["ticket"]
