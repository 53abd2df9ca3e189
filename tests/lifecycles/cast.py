"""Who acts in the tables, and a case of the desk's own to act on."""

from __future__ import annotations

from dataclasses import dataclass

from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.handoffs import make_helper
from tests.factories.money import ensure_tiers
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Ticket


@dataclass(frozen=True)
class Cast:
    """One person per part; made before anything is measured."""

    lead: User
    agent: User
    bench: User
    shop: User
    administrator: User
    finance: User
    money_lead: User
    helper: User
    machine: User
    ticket: Ticket


def make_cast() -> Cast:
    """Also after a test that emptied the database, the tiers every desk starts with included."""
    ensure_tiers()
    lead = make_user(Role.LEAD, email="li@desk.example")
    return Cast(
        lead=lead,
        agent=make_user(),
        bench=make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse")),
        shop=make_user(Role.SERVICE_ACCOUNT),
        administrator=make_user(Role.ADMINISTRATOR),
        finance=make_user(Role.FINANCE),
        money_lead=make_user(Role.LEAD, roles=[Role.LEAD, Role.FINANCE]),
        helper=make_helper(),
        machine=system_actor(),
        ticket=make_ticket(lead),
    )
