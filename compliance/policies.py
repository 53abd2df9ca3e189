"""Who may do what about findings."""

from __future__ import annotations

from typing import Any

from compliance.models import Finding


def can_see_findings(actor: Any) -> bool:
    """Auditors and administrators see all, leads their own."""
    rights = ("compliance.view_finding", "compliance.handle_finding")
    return any(actor.has_perm(right) for right in rights)


def can_handle(actor: Any, finding: Finding) -> bool:
    """Its owner, and who sees all and may handle: auditors look on."""
    if not actor.has_perm("compliance.handle_finding"):
        return False
    return finding.owner_id == actor.pk or bool(actor.has_perm("compliance.view_finding"))
