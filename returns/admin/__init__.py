"""Pages of goods and money; the case page gets its panel and verbs."""

from returns.admin import (
    bench,
    books,
    case_panel,
    case_verbs,
    inbox,
    lists,
    refunds,
    settings_pages,
)
from tickets.admin import case_verbs_all, panels

panels.register(case_panel.PANEL)
case_verbs_all.register(case_verbs.VERBS, in_menu=case_verbs.IN_MENU)

__all__ = ["bench", "books", "inbox", "lists", "refunds", "settings_pages"]
