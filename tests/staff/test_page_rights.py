"""Who sees, adds and changes what in the admin: every page, four roles and somebody from outside.

``s``: the list opens; ``a``: a new row may be added; ``c``: a row may be changed; ``-``: none of
it. Verbs have rights of their own and are tried where they are (``tests/<app>/test_rights.py``).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django_q.models import OrmQ

from aftersales.kernel.admin import ReadOnlyAdmin
from compliance.models import AuditEvent, JournalEntry
from staff.models import Delegation, User
from staff.roles import Role
from tests.factories.people import make_user
from tests.lifecycles.cast import Cast, make_cast
from tests.lists import world
from tickets.models import SavedView

pytestmark = pytest.mark.django_db

PERSONAS = (Role.AGENT, Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR)
TABLE = """
                                 agent  lead  administrator  auditor
    axes.accessfailurelog        -      -     s              s
    axes.accesslog               -      -     s              s
    clocks.calendar              -      s     sac            s
    clocks.clock                 s      s     s              s
    clocks.clockrule             -      s     s              s
    compliance.auditevent        -      -     s              s
    compliance.disclosure        -      -     s              s
    compliance.finding           -      s     s              s
    compliance.heartbeat         -      -     s              s
    compliance.journalentry      -      -     s              s
    customers.customer           s      s     s              s
    customers.order              s      s     s              s
    customers.shop               -      -     sac            s
    handoffs.caseexample         s      s     s              s
    handoffs.handoff             s      s     s              s
    handoffs.handofftemplate     -      -     sac            s
    handoffs.responsibilityrule  -      s     s              s
    returns.approvalrequest      s      s     s              s
    returns.approvaltier         -      s     sac            s
    returns.compensation         -      s     sac            s
    returns.compensationgrant    s      s     s              s
    returns.guardhold            -      s     s              s
    returns.inspection           s      s     s              s
    returns.ledgerentry          -      -     s              s
    returns.reconciliationitem   -      -     s              s
    returns.refund               s      s     s              s
    returns.reimbursement        s      s     s              s
    returns.repair               s      s     s              s
    returns.returnaddress        -      -     sac            s
    returns.returnauthorization  s      s     s              s
    returns.returnpolicy         s      s     sac            s
    returns.shopinstruction      s      s     s              s
    returns.statement            -      -     s              s
    returns.storecredit          -      -     s              s
    staff.absence                -      sac   sac            s
    staff.chattarget             -      -     sac            s
    staff.delegation             -      sac   sac            s
    staff.department             -      -     sac            s
    staff.notice                 s      s     s              s
    staff.noticedelivery         -      s     s              s
    staff.team                   -      -     sac            s
    staff.user                   -      s     sac            s
    tickets.category             -      -     sac            s
    tickets.csatresponse         s      s     s              s
    tickets.followup             s      s     s              s
    tickets.investigation        -      -     s              s
    tickets.macro                s      sac   sac            s
    tickets.outboundmail         s      s     s              s
    tickets.proposal             -      -     s              s
    tickets.rawintake            s      s     s              s
    tickets.savedreply           s      sac   sac            s
    tickets.savedview            sac    sac   sac            s
    tickets.tag                  -      -     sac            s
    tickets.ticket               sa     sa    s              s
"""


def rights() -> dict[str, dict[str, str]]:
    """Page → role → letters."""
    head, *lines = [line.split() for line in TABLE.strip().splitlines()]
    return {page: dict(zip(head, cells, strict=True)) for page, *cells in lines}


PAGES = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
# Pages with forms; the others answer to verbs only.
SETTINGS = {name: page for name, page in PAGES.items() if not isinstance(page, ReadOnlyAdmin)}


def test_every_page_is_in_the_table() -> None:
    assert set(rights()) == set(PAGES)


@pytest.mark.parametrize("role", PERSONAS)
def test_pages_allow_what_the_table_says(role: Role) -> None:
    request = RequestFactory().get("/admin/")
    request.user = make_user(role)

    found = {name: allowed(page, request) for name, page in PAGES.items()}

    assert found == {name: cells[role] for name, cells in rights().items()}


def allowed(page: Any, request: Any) -> str:
    letters = {
        "s": page.has_view_or_change_permission(request),
        "a": page.has_add_permission(request),
        "c": page.has_change_permission(request),
    }
    return "".join(letter for letter, may in letters.items() if may) or "-"


@pytest.fixture(scope="module")
def cast(told_once: None) -> Cast:
    """A desk with a row of every setting."""
    cast = make_cast()
    world.people(cast, cast.lead, 1)
    world.settings(1)
    world.make_tag("vip")
    return cast


def own_row(name: str, user: User) -> Any:
    """A row of the page; of what belongs to one person, the user's own."""
    model = PAGES[name].model
    if model is Delegation:
        delegation = Delegation.objects.get()
        delegation.giver = user
        delegation.save()
        return delegation
    if model is SavedView:
        view = SavedView(code=f"own-{user.pk}", name="Own", visibility="own", owner=user)
        view.save()
        return view
    return model._default_manager.exclude(pk=user.pk).latest("pk")


def addresses(name: str, row: Any) -> tuple[str, str, str]:
    opts = PAGES[name].opts
    return (
        reverse(admin_urlname(opts, "changelist")),
        reverse(admin_urlname(opts, "add")),
        reverse(admin_urlname(opts, "change"), args=[row.pk]),
    )


def state(row: Any) -> dict[str, Any]:
    return {
        "row": type(row)._base_manager.filter(pk=row.pk).values().get(),
        "rows": type(row)._base_manager.count(),
        "events": AuditEvent.objects.count(),
        "journal": JournalEntry.objects.count(),
        "queue": OrmQ.objects.count(),
    }


@pytest.mark.parametrize("role", PERSONAS)
def test_settings_open_and_refuse_as_the_table_says(role: Role, cast: Cast) -> None:
    user = make_user(role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="staff.backends.RoleBackend")

    for name in SETTINGS:
        row, may = own_row(name, user), rights()[name][role]
        shown, add, change = addresses(name, row)
        before = state(row)
        seen, adds = (200 if letter in may else 403 for letter in "sa")

        assert [client.get(url).status_code for url in (shown, add, change)] == [
            seen,
            adds,
            seen,
        ], name
        assert client.post(add, {}).status_code == adds, name
        if "c" not in may:
            assert client.post(change, {}).status_code == 403, name
        assert state(row) == before, name
        if "c" in may:
            with transaction.atomic():
                assert client.post(change, {}).status_code in (200, 302), name
                transaction.set_rollback(True)


def test_settings_ask_somebody_from_outside_to_sign_in(cast: Cast) -> None:
    client = Client()

    for name in SETTINGS:
        row = own_row(name, cast.lead)
        before = state(row)
        for url in addresses(name, row):
            for answer in (client.get(url), client.post(url, {})):
                assert answer.status_code == 302, url
                assert answer.headers["Location"].startswith("/admin/login/"), url
        assert state(row) == before, name
