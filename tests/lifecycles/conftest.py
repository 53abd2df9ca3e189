"""The people and the case every table acts with, made once."""

from __future__ import annotations

import pytest

from staff.roles import Role
from staff.services import system_actor
from tests.factories.handoffs import make_helper
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tests.lifecycles.table import Cast


@pytest.fixture(scope="module")
def cast(told_once: None) -> Cast:
    lead = make_user(Role.LEAD, email="li@desk.example")
    return Cast(
        lead=lead,
        agent=make_user(),
        bench=make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse")),
        shop=make_user(Role.SERVICE_ACCOUNT),
        administrator=make_user(Role.ADMINISTRATOR),
        finance=make_user(Role.FINANCE),
        money_lead=make_user(Role.LEAD, roles=[Role.LEAD, Role.FINANCE]),
        machine=system_actor(),
        ticket=make_ticket(lead),
        helper=make_helper(),
    )
