"""Templates, the grid and examples in the admin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handoffs.models import CaseExample, HandoffTemplate, ResponsibilityRule
from handoffs.services import examples
from staff.roles import Role
from tests.factories.handoffs import logistics, make_example
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket_in
from tests.tickets.case_page import do, page_of, signed_in
from tickets.models import Category
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

TEMPLATES = "/admin/handoffs/handofftemplate/"
GRID = "/admin/handoffs/responsibilityrule/"
EXAMPLES = "/admin/handoffs/caseexample/"
FIELD = {"name": "batch", "type": "text", "label": "Batch", "label_zh": "批次"}


def template_data(**given: Any) -> dict[str, Any]:
    return {
        "code": "own",
        "name": "Own",
        "name_zh": "自定义",
        "kind": "assist",
        "target_kind": "",
        "position": "5",
        "is_active": "on",
        "ask_fields": json.dumps([FIELD]),
        "answer_fields": "[]",
    } | given


def test_administrator_adds_a_template_with_checked_fields() -> None:
    client = signed_in(make_user(Role.ADMINISTRATOR))
    bad = client.post(f"{TEMPLATES}add/", template_data(ask_fields='[{"name": "X"}]'))
    assert bad.status_code == 200
    assert "Field “X”: a name is small letters, digits and underscores." in bad.content.decode()
    assert not HandoffTemplate.objects.filter(code="own").exists()

    assert client.post(f"{TEMPLATES}add/", template_data()).status_code == 302

    template = HandoffTemplate.objects.get(code="own")
    assert template.ask_fields[0] == FIELD | {
        "required": False,
        "choices": [],
        "help": "",
        "help_zh": "",
    }
    assert template.history.get().actor_name.startswith("Administrator")


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.WAREHOUSE])
def test_others_do_not_see_templates(role: str) -> None:
    assert signed_in(make_user(role)).get(TEMPLATES).status_code == 403


def test_grid_is_edited_cell_by_cell() -> None:
    admin = make_user(Role.ADMINISTRATOR)
    topic = Category(path="parcel", name="Parcel", name_zh="包裹")
    topic.save()
    service = make_department()
    client = signed_in(admin)
    cell = f"{GRID}cell/{topic.pk}/routed/"

    saved = client.post(cell, {"R": logistics().pk, "A": service.pk, "I": [service.pk]})

    assert (saved.status_code, saved.url) == (302, GRID)
    rows = ResponsibilityRule.objects.values_list("category__path", "part", "department__code")
    assert sorted(rows) == [
        ("parcel", "A", "service"),
        ("parcel", "I", "service"),
        ("parcel", "R", "logistics"),
    ]
    assert "<b>R</b> Logistics" in client.get(GRID).content.decode()
    client.post(cell, {"R": service.pk})
    assert ResponsibilityRule.objects.get().department == service


def test_grid_is_read_by_leads_and_changed_by_administrators_only() -> None:
    lead, agent = make_user(Role.LEAD), make_user()
    cell = f"{GRID}cell/all/routed/"

    page = signed_in(lead).get(GRID)
    assert page.status_code == 200
    assert "cell/" not in page.content.decode()
    assert signed_in(lead).post(cell, {"R": logistics().pk}).status_code == 403
    assert signed_in(agent).get(GRID).status_code == 403
    assert ResponsibilityRule.objects.count() == 0


@pytest.mark.parametrize("address", ["cell/all/dreamt/", "cell/x/routed/", "cell/999/routed/"])
def test_unknown_cell_is_not_found(address: str) -> None:
    client = signed_in(make_user(Role.ADMINISTRATOR))

    assert client.get(GRID + address).status_code == 404


def test_closed_case_is_proposed_shared_and_found() -> None:
    author, lead = make_user(), make_user(Role.LEAD)
    reader = make_user(department=make_department("elsewhere"))
    ticket = make_ticket_in(TicketStatus.CLOSED, lead)
    done = do(author, ticket, "share-example", title="Torn sleeve", lesson="Cut the box.")
    assert (done.status_code, done.url) == (302, page_of(ticket))
    example = CaseExample.objects.get()
    detail = f"{EXAMPLES}{example.pk}/change/"
    assert signed_in(reader).get(detail).status_code == 404

    approve = f"{EXAMPLES}{example.pk}/approve/"
    assert signed_in(author).post(approve, {"_form_submitted": "1", "note": ""}).status_code == 403
    signed_in(lead).post(approve, {"_form_submitted": "1", "note": ""})

    example.refresh_from_db()
    assert (example.status, example.approved_by) == ("approved", lead)
    found = signed_in(reader).get(EXAMPLES, {"q": "sleeve"}).content.decode()
    missed = signed_in(reader).get(EXAMPLES, {"q": "freezer"}).content.decode()
    assert ("Torn sleeve" in found, "Torn sleeve" in missed) == (True, False)
    page = signed_in(reader).get(detail).content.decode()
    assert "The left sleeve of the jacket is torn." in page
    assert ticket.number not in page


def test_shared_example_is_withdrawn_with_a_reason() -> None:
    author, lead = make_user(), make_user(Role.LEAD)
    example = examples.approve_example(make_example(author).pk, actor=lead)
    withdraw = f"{EXAMPLES}{example.pk}/withdraw/"

    signed_in(lead).post(withdraw, {"_form_submitted": "1", "note": "names a firm"})

    example.refresh_from_db()
    assert (example.status, example.withdrawn_by) == ("withdrawn", lead)
    reader = make_user(department=make_department("elsewhere"))
    assert "Torn sleeve" not in signed_in(reader).get(EXAMPLES).content.decode()
