"""Pages of goods and money; the case page gets its panel and verbs, the customer's its part."""

from customers import sections
from returns.admin import (
    bench,
    books,
    case_panel,
    case_verbs,
    customer_returns,
    customer_signs,
    inbox,
    lists,
    refunds,
    settings_pages,
)
from tickets.admin import case_verbs_all, panels

sections.register(customer_returns.SECTION)
sections.register(customer_signs.SECTION)
panels.register(case_panel.PANEL)
case_verbs_all.register(case_verbs.VERBS, in_menu=case_verbs.IN_MENU)

__all__ = ["bench", "books", "inbox", "lists", "refunds", "settings_pages"]
