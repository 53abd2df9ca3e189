"""Keeping a missed promise for audit: the step «open a finding» of a ladder."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.refs import Ref, in_each_language, label_of
from clocks import actions, registry
from clocks.choices import Mode
from clocks.models import Clock, EscalationStep
from compliance.models import Severity
from compliance.services import NewFinding, open_finding


def finding_step(clock: Clock, step: EscalationStep, *, actor: Any) -> str:
    """Open a finding about the object; law that is only advice weighs less."""
    rule, subject = clock.rule, registry.get(clock.subject_type)
    owed = subject.one(clock.subject_id)
    severity = Severity.HIGH if rule.mode == Mode.ENFORCED else Severity.MEDIUM
    open_finding(
        Ref("clocks.clock", clock.pk, label_of(owed)[:200] if owed else clock.subject_label),
        NewFinding(
            code="clocks.late",
            severity=severity,
            title=label_of(rule),
            evidence={
                "rule": rule.code,
                "version": rule.version,
                "started": clock.started_at.isoformat(),
                "due": clock.due_at.isoformat() if clock.due_at else "",
                "basis": rule.legal_basis,
            },
            department_id=subject.department_id(owed) if owed else None,
            case_id=clock.case_id,
            case_label=clock.case_label,
        ),
        actor=actor,
    )
    return in_each_language(lambda: _("A finding is open."))


def register() -> None:
    actions.register(
        "open_finding", gettext_lazy("Open a finding for audit"), finding_step, is_lasting=True
    )
