"""Pages of goods and money."""

from returns.admin import lists, settings_pages

__all__ = ["lists", "settings_pages"]
