"""Pages of work between departments; verbs and panel of the case page."""

from handoffs.admin import case_panel, case_verbs, examples, inbox, setup
from tickets.admin import case_verbs_all, panels

case_verbs_all.register(case_verbs.VERBS, in_menu=["hand-over", "share-example"])
panels.register(case_panel.PANEL)

__all__ = ["case_panel", "case_verbs", "examples", "inbox", "setup"]
