"""Who may write the shop's records and the customers behind them."""

from __future__ import annotations

from staff.models import User
from staff.querysets import is_system

INTAKE = ("tickets.create_ticket", "customers.write_order", "customers.import_order")


def can_identify_customers(actor: User) -> bool:
    """Whoever takes in cases or orders may look for the person behind an address and add one."""
    return is_system(actor) or any(actor.has_perm(permission) for permission in INTAKE)


def can_write_orders(actor: User) -> bool:
    """Shop systems push orders, administrators import files of them."""
    return (
        is_system(actor)
        or actor.has_perm("customers.write_order")
        or actor.has_perm("customers.import_order")
    )


def can_import_orders(actor: User) -> bool:
    return actor.has_perm("customers.import_order")


def can_merge_customers(actor: User) -> bool:
    return is_system(actor) or actor.has_perm("customers.merge_customer")


def can_see_personal_data(actor: User) -> bool:
    """May ask to be shown masked values; the reason is asked and kept each time."""
    return actor.has_perm("customers.disclose_customer")


def can_export_orders(actor: User) -> bool:
    """Files leave the house only with those who answer for it."""
    return actor.has_perm("customers.import_order")
