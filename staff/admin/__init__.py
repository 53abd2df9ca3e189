"""The desk's pages about people and notices; importing a module registers what it declares."""

from staff.admin import deliveries, notices, people

__all__ = ["deliveries", "notices", "people"]
