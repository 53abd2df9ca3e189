"""The auditor's pages; importing a module registers what it declares."""

from compliance.admin import findings, trail

__all__ = ["findings", "trail"]
