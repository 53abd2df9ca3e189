"""The people who call."""

from __future__ import annotations

import pytest

from staff.roles import Role
from tests.api.calls import Caller
from tests.factories.money import ensure_tiers
from tests.factories.people import make_department, make_user


@pytest.fixture
def lead(db: None) -> Caller:
    """May do everything to cases of customer service."""
    return Caller(make_user(Role.LEAD))


@pytest.fixture
def auditor(db: None) -> Caller:
    """Sees everything, changes nothing."""
    return Caller(make_user(Role.AUDITOR))


@pytest.fixture
def stranger(db: None) -> Caller:
    """A lead of another department."""
    return Caller(make_user(Role.LEAD, department=make_department("legal", kind="legal")))


@pytest.fixture
def shop_system(db: None) -> Caller:
    """The shop's own program."""
    return Caller(make_user(Role.SERVICE_ACCOUNT, department=None))


@pytest.fixture
def bench(db: None) -> Caller:
    """Somebody who opens parcels of every department."""
    return Caller(make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse")))


@pytest.fixture
def nobody(db: None) -> Caller:
    return Caller(None)


@pytest.fixture
def finance(db: None) -> Caller:
    """Pays, books and reconciles."""
    return Caller(make_user(Role.FINANCE))


@pytest.fixture(autouse=True)
def default_tiers(request: pytest.FixtureRequest) -> None:
    """The tiers every desk starts with, also after a test that emptied the database."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None and "db" not in request.fixturenames:
        return
    is_real = marker is not None and marker.kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if is_real else "db")
    ensure_tiers()


@pytest.fixture
def people(
    lead: Caller, auditor: Caller, shop_system: Caller, bench: Caller, finance: Caller
) -> dict[str, Caller]:
    """Those an address names as fit or unfit for it."""
    return {
        "lead": lead,
        "auditor": auditor,
        "shop_system": shop_system,
        "bench": bench,
        "finance": finance,
    }
