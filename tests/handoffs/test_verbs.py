"""What the verbs refuse and keep: targets, answers, files, costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from handoffs.models import Handoff
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.services.sending import Outsider
from handoffs.services.shared import Charge
from handoffs.statuses import HandoffStatus as H
from staff.roles import Role
from tests.factories.handoffs import (
    logistics,
    make_ask,
    make_handoff,
    make_handoff_in,
    make_helper,
    make_template,
)
from tests.factories.people import make_department, make_user
from tests.factories.staff import make_team
from tests.factories.tickets import make_ticket, make_ticket_in
from tickets.models import Ticket
from tickets.services import conversation, handling
from tickets.services.files import NewFile, add_file
from tickets.statuses import TicketStatus

pytestmark = pytest.mark.django_db

FORM = [
    {
        "name": "tracking_number",
        "type": "text",
        "label": "Tracking number",
        "label_zh": "运单号",
        "help": "",
        "help_zh": "",
        "required": True,
        "choices": [],
    },
    {
        "name": "proof",
        "type": "file",
        "label": "Proof",
        "label_zh": "凭证",
        "help": "",
        "help_zh": "",
        "required": False,
        "choices": [],
    },
]


def status_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


@pytest.mark.parametrize(
    ("kind", "given", "code", "field"),
    [
        ("assist", {"department": None}, "no_target", "department"),
        ("assist", {"department": "own"}, "same_department", "department"),
        ("assist", {"department": "retired"}, "department_retired", "department"),
        ("assist", {"team": "foreign"}, "foreign_team", "team"),
        ("assist", {"question": " "}, "too_short", "question"),
        ("assist", {"answers": {"x": 1}}, "unknown_field", "x"),
        ("assist", {"files": (404,)}, "foreign_file", "files"),
        ("assist", {"files": (NewFile("a.txt", b""),)}, "empty_file", "file"),
        ("assist", {"files": (1,) * 11}, "too_many_files", "files"),
        ("external", {"outsider": None}, "no_outsider", "party_name"),
        ("external", {"outsider": Outsider(name=" ")}, "no_outsider", "party_name"),
        (
            "external",
            {"outsider": Outsider(name="SF", email="nobody")},
            "bad_mail",
            "party_email",
        ),
        (
            "external",
            {"outsider": Outsider(name="SF", language="fr")},
            "unknown_language",
            "party_language",
        ),
        ("external", {"department": "logistics"}, "two_targets", "department"),
    ],
)
def test_wrong_target_or_words_are_refused(
    kind: str, given: dict[str, Any], code: str, field: str, snapshot: Any
) -> None:
    giver = make_user()
    ticket = make_ticket(giver)
    known = {
        "own": giver.department,
        "retired": make_department("old", is_active=False),
        "logistics": logistics(),
        "foreign": make_team(),
    }
    ask = make_ask(
        kind, **{k: known.get(v, v) if isinstance(v, str) else v for k, v in given.items()}
    )
    before = snapshot()

    with pytest.raises(RuleViolated) as refusal:
        sending.send_handoff(ticket.pk, ask, actor=giver)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert snapshot() == before


def test_sending_needs_an_unfinished_case_and_a_template_in_use(snapshot: Any) -> None:
    giver = make_user(Role.LEAD)
    done = make_ticket_in(TicketStatus.RESOLVED, giver)
    retired = make_template("retired", is_active=False)
    ticket = make_ticket(giver)
    before = snapshot()

    with pytest.raises(InvalidTransition):
        sending.send_handoff(done.pk, make_ask(template=make_template()), actor=giver)
    with pytest.raises(RuleViolated, match="out of use"):
        sending.send_handoff(ticket.pk, make_ask(template=retired), actor=giver)

    after = snapshot()
    assert after["legs"] == before["legs"] == []
    assert after["tickets"] == before["tickets"]


def test_second_transfer_waits_for_the_first(snapshot: Any) -> None:
    giver = make_user()
    ticket = make_ticket(giver)
    make_handoff(ticket, giver, "transfer")
    ask = make_ask("transfer", department=make_department("warehouse", kind="warehouse"))
    before = snapshot()

    with pytest.raises(RuleViolated) as refusal:
        sending.send_handoff(ticket.pk, ask, actor=giver)

    assert refusal.value.code == "transfer_open"
    assert snapshot() == before


def test_giver_keeps_the_case_until_a_transfer_is_accepted() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    handling.assign(ticket.pk, actor=giver, assignee=giver)
    leg = make_handoff(ticket, giver, "transfer")
    ticket.refresh_from_db()
    assert (ticket.department, ticket.assignee) == (giver.department, giver)

    leg = receiving.accept_handoff(leg.pk, actor=other)

    ticket.refresh_from_db()
    assert (ticket.department, ticket.assignee) == (logistics(), None)
    assert (leg.status, leg.ended_by, leg.accepted_by) == (H.CLOSED, other, other)
    assert [
        (event.code, event.case_id)
        for event in AuditEvent.objects.filter(
            code__in=["tickets.routed", "handoffs.accepted"]
        ).order_by("pk")
    ] == [("tickets.routed", ticket.pk), ("handoffs.accepted", ticket.pk)]


def test_transfer_of_a_case_routed_there_by_hand_just_ends() -> None:
    giver, other = make_user(Role.LEAD), make_helper()
    ticket = make_ticket(giver)
    leg = make_handoff(ticket, giver, "transfer")
    handling.route(ticket.pk, actor=giver, department=logistics())

    leg = receiving.accept_handoff(leg.pk, actor=other)

    assert leg.status == H.CLOSED
    assert Ticket.objects.get().department == logistics()


def test_legs_stay_manageable_for_whoever_has_the_case_now() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    leg = make_handoff(ticket, giver, department=make_department("warehouse", kind="warehouse"))
    transfer = make_handoff(ticket, giver, "transfer")
    receiving.accept_handoff(transfer.pk, actor=other)

    leg = sending.withdraw_handoff(leg.pk, actor=other, note="not needed")

    assert (leg.status, leg.ended_by) == (H.WITHDRAWN, other)


def test_form_of_the_template_is_checked_and_kept() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    template = make_template("trace", ask_fields=FORM, answer_fields=FORM)
    with pytest.raises(RuleViolated) as refusal:
        make_handoff(ticket, giver, template=template)
    assert (refusal.value.code, refusal.value.field) == ("field_missing", "tracking_number")
    assert Handoff.objects.count() == 0

    leg = make_handoff(ticket, giver, template=template, answers={"tracking_number": "SF100"})
    template.ask_fields = template.answer_fields = []
    template.save()
    receiving.accept_handoff(leg.pk, actor=other)
    reply = Reply(
        text="Lost.",
        answers={"tracking_number": "SF100", "proof": NewFile("proof.txt", b"lost")},
        files=(NewFile("more.txt", b"more"),),
    )
    leg = receiving.answer_handoff(leg.pk, reply, actor=other)

    assert leg.asked == {"tracking_number": "SF100"}
    assert leg.answered == {"tracking_number": "SF100", "proof": 1}
    assert [(one.field, one.attachment.file_name, one.turn.verb) for one in leg.files.all()] == [
        ("", "more.txt", "answered"),
        ("proof", "proof.txt", "answered"),
    ]
    assert {file.is_internal for file in ticket.attachments.all()} == {True}


def test_files_of_the_case_go_along_once() -> None:
    giver = make_user()
    ticket = make_ticket(giver)
    shown = add_file(ticket.pk, NewFile("label.txt", b"label"), actor=giver)
    add_file(ticket.pk, NewFile("private.txt", b"private"), actor=giver)

    leg = make_handoff_in(H.RETURNED, ticket, giver, files=(shown.pk,))
    sending.resend_handoff(leg.pk, actor=giver, note="as before", files=(shown.pk,))

    assert [one.attachment for one in leg.files.all()] == [shown]


def test_cost_is_charged_to_a_party_in_exact_money(snapshot: Any) -> None:
    giver, other = make_user(), make_helper()
    leg = make_handoff_in(H.ANSWERED, make_ticket(giver), giver)
    before = snapshot()
    for charge, code in [
        (Charge(responsible_party="moon"), "unknown_party"),
        (Charge(responsible_party="carrier", amount="1.005", currency="CNY"), "too_many_decimals"),
        (Charge(responsible_party="carrier", amount="0", currency="CNY"), "not_positive"),
        (Charge(responsible_party="carrier", amount="NaN", currency="CNY"), "out_of_range"),
        (Charge(responsible_party="carrier", amount="5", currency="XXX"), "unknown_currency"),
    ]:
        with pytest.raises(RuleViolated) as refusal:
            sending.close_handoff(leg.pk, actor=giver, charge=charge)
        assert refusal.value.code == code
    assert snapshot() == before

    charge = Charge(responsible_party="carrier", amount="12.50", currency="CNY")
    leg = sending.close_handoff(leg.pk, actor=giver, charge=charge)

    assert other.department == leg.to_department
    assert (leg.responsible_party, leg.cost_amount, leg.cost_currency) == (
        "carrier",
        Decimal("12.50"),
        "CNY",
    )


def test_rerouted_question_keeps_its_number_and_forgets_who_had_it(snapshot: Any) -> None:
    giver = make_user()
    leg = make_handoff_in(H.DECLINED, make_ticket(giver), giver)
    before = snapshot()
    with pytest.raises(RuleViolated, match="just declined"):
        sending.reroute_handoff(leg.pk, actor=giver, department=logistics())
    assert snapshot() == before

    warehouse = make_department("warehouse", kind="warehouse")
    moved = sending.reroute_handoff(leg.pk, actor=giver, department=warehouse, note="yours")

    assert (moved.number, moved.status, moved.to_department) == (leg.number, H.SENT, warehouse)
    assert (moved.assignee, moved.accepted_at, moved.ping_pong_count) == (None, None, 2)


def test_assignee_is_of_the_asked_department(snapshot: Any) -> None:
    giver, lead = make_user(), make_helper()
    leg = make_handoff(make_ticket(giver), giver)
    helper = make_helper(Role.WAREHOUSE)
    before = snapshot()

    with pytest.raises(RuleViolated, match="asked department"):
        receiving.assign_handoff(leg.pk, actor=lead, assignee=giver)
    with pytest.raises(NotPermitted):
        receiving.assign_handoff(leg.pk, actor=helper, assignee=lead)
    assert snapshot() == before

    assert receiving.assign_handoff(leg.pk, actor=helper, assignee=helper).assignee == helper
    assert receiving.assign_handoff(leg.pk, actor=helper, assignee=None).assignee is None
    assert receiving.assign_handoff(leg.pk, actor=lead, assignee=helper).assignee == helper


def test_customer_does_not_see_what_departments_say() -> None:
    giver, other = make_user(), make_helper()
    ticket = make_ticket(giver)
    leg = make_handoff_in(H.ACCEPTED, ticket, giver)
    receiving.answer_handoff(
        leg.pk, Reply(text="Lost.", files=(NewFile("a.txt", b"a"),)), actor=other
    )

    assert ticket.messages.filter(kind="outbound").count() == 0
    assert ticket.mails.count() == 0
    assert conversation.note(ticket.pk, actor=other, body="seen").ticket == ticket
