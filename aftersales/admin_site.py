"""The admin site of the desk."""

from __future__ import annotations

from unfold.sites import UnfoldAdminSite


class DeskAdminSite(UnfoldAdminSite):
    """Unfold's site; home differs by role."""
