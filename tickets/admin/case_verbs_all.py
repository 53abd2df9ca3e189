"""Every verb of the case page by its code."""

from __future__ import annotations

from tickets.admin import case_verbs, case_verbs_around, case_verbs_work
from tickets.admin.case_actions import Verb

VERBS: dict[str, Verb] = {
    verb.code: verb
    for verb in (*case_verbs.VERBS, *case_verbs_work.VERBS, *case_verbs_around.VERBS)
}
