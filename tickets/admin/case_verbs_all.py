"""Every verb of the case page by its code; upper apps add theirs from ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Iterable

from tickets.admin import case_verbs, case_verbs_around, case_verbs_work
from tickets.admin.case_actions import Verb

VERBS: dict[str, Verb] = {
    verb.code: verb
    for verb in (*case_verbs.VERBS, *case_verbs_work.VERBS, *case_verbs_around.VERBS)
}
# Verbs of upper apps that the menu «More» offers.
MENU_OF_OTHERS: list[str] = []


def register(verbs: Iterable[Verb], *, in_menu: Iterable[str] = ()) -> None:
    """Add verbs to the case page; those without a tab whose code is ``in_menu`` to its menu."""
    for verb in verbs:
        if VERBS.setdefault(verb.code, verb) != verb:
            raise ValueError(f"verb {verb.code} is registered twice")
    MENU_OF_OTHERS.extend(code for code in in_menu if code not in MENU_OF_OTHERS)
