"""The pieces every app stands on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import models, transaction
from django.utils import translation
from django_q.models import OrmQ
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kernel import jobs, masking, money
from aftersales.kernel.clock import now
from aftersales.kernel.context import Source, acting, actor_words, current, entering
from aftersales.kernel.errors import InvalidTransition, RuleViolated
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from staff.models import Department, User
from tests.factories.people import make_department, make_user
from tickets.models import Ticket
from tickets.statuses import TicketStatus


@pytest.mark.parametrize("start", list(TicketStatus))
@pytest.mark.parametrize("target", list(TicketStatus))
def test_move_follows_the_table(start: TicketStatus, target: TicketStatus) -> None:
    ticket = Ticket(number="T-1", status=start)

    if target in TicketStatus.transitions().get(start, ()):
        move(ticket, target)
        assert ticket.status == target
    else:
        with pytest.raises(InvalidTransition) as refusal:
            move(ticket, target)
        assert ticket.status == start
        assert refusal.value.allowed == tuple(s.value for s in start.allowed)


def test_refused_move_says_what_is_possible_now() -> None:
    ticket = Ticket(number="T-1", status=TicketStatus.CLOSED)

    with pytest.raises(InvalidTransition) as refusal:
        move(ticket, TicketStatus.OPEN)

    assert str(refusal.value) == (
        "T-1 is “Closed” and cannot become “In progress”. Possible now: nothing, this is final."
    )


@pytest.mark.parametrize(
    ("value", "currency", "code"),
    [
        ("NaN", "CNY", "out_of_range"),
        ("Infinity", "CNY", "out_of_range"),
        ("1e30", "CNY", "out_of_range"),
        ("1.005", "CNY", "too_many_decimals"),
        ("1.5", "JPY", "too_many_decimals"),
        ("twelve", "CNY", "not_a_number"),
        ("", "CNY", "not_a_number"),
        ("1", "XXX", "unknown_currency"),
    ],
)
def test_parse_amount_refuses(value: str, currency: str, code: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        money.parse_amount(value, currency)

    assert refusal.value.code == code


@given(st.decimals(min_value="-99999999", max_value="99999999", places=2))
def test_parse_amount_keeps_every_exact_cent(amount: Decimal) -> None:
    assert money.parse_amount(str(amount), "CNY") == amount


def test_quantize_rounds_half_up() -> None:
    assert money.quantize(Decimal("0.125"), "CNY") == Decimal("0.13")
    assert money.quantize(Decimal("2.5"), "JPY") == Decimal("3")


@given(st.text(min_size=1, max_size=40))
def test_masks_never_show_the_whole(text: str) -> None:
    shown = [masking.mask_phone(text), masking.mask_email(f"{text}@example.com")]

    assert all("*" in each for each in shown) or len(text) <= 2


@pytest.mark.parametrize(
    ("plain", "masked"),
    [("李小明", "李**"), ("Maria Schmidt", "Maria S***"), ("Bo", "B***"), ("", "")],
)
def test_mask_name(plain: str, masked: str) -> None:
    assert masking.mask_name(plain) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "SMTPRecipientsRefused: {'li.wei@example.cn': (550, b'5.1.1 <li.wei@example.cn>')}",
            "SMTPRecipientsRefused: {'l***@example.cn': (550, b'5.1.1 <l***@example.cn>')}",
        ),
        ("bounces+li=example.cn@mx.example refused", "b***@mx.example refused"),
        ('"li wei"@example.cn is unknown', '"***@example.cn is unknown'),
        ("邮箱li@example.cn不存在", "邮***@example.cn不存在"),
        ("13812345678@sms.example: +86 138 1234 5678", "1***@sms.example: +86****5678"),
        ("452 4.2.2 mailbox full on 2026-11-28", "452 4.2.2 mailbox full on 2026-11-28"),
        ("ConnectionRefusedError: [Errno 111]", "ConnectionRefusedError: [Errno 111]"),
    ],
)
def test_mask_contacts(text: str, masked: str) -> None:
    assert masking.mask_contacts(text) == masked


@pytest.mark.django_db
def test_enqueue_is_part_of_the_transaction() -> None:
    def enqueue_and_fail() -> None:
        with transaction.atomic():
            jobs.enqueue("tickets.send_mail", 1)
            assert OrmQ.objects.count() == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enqueue_and_fail()

    assert OrmQ.objects.count() == 0


@pytest.mark.django_db
def test_enqueue_takes_scalars_only() -> None:
    with pytest.raises(TypeError):
        jobs.enqueue("tickets.send_mail", User())  # type: ignore[arg-type]
    with pytest.raises(LookupError):
        jobs.enqueue("tickets.no_such_job", 1)

    assert OrmQ.objects.count() == 0


@pytest.mark.django_db
def test_enqueue_later_stays_locked_until_then() -> None:
    before = now()

    jobs.enqueue("tickets.send_mail", 1, delay=timedelta(seconds=15))

    lock = OrmQ.objects.get().lock
    assert before + timedelta(seconds=15) <= lock <= now() + timedelta(seconds=15)


def test_context_knows_door_and_actor_and_forgets_them() -> None:
    actor = User(pk=7, username="amy", display_name="Amy")

    with entering(Source.API, request_id="r1", address="127.0.0.1"), acting(actor, "because"):
        inside = current()

    assert (inside.source, inside.request_id, inside.client_address) == ("api", "r1", "127.0.0.1")
    assert (inside.actor_id, inside.actor_name, inside.reason) == (7, "Amy (amy)", "because")
    assert current().source == Source.SHELL
    assert current().actor_id is None


@service
def rename(department_id: int, *, actor: User, name: str, fail: bool = False) -> Department:
    """A verb for the tests below."""
    department = Department.objects.select_for_update().get(pk=department_id)
    department.name = name
    department.save()
    if fail:
        raise RuleViolated("no", "no")
    return department


@pytest.mark.django_db
def test_service_signs_history_and_rolls_back_whole() -> None:
    actor, department = make_user(), make_department("quality", kind="quality")

    rename(department.pk, actor=actor, name="Checkers")
    with pytest.raises(RuleViolated):
        rename(department.pk, actor=actor, name="Nobody", fail=True)

    department.refresh_from_db()
    assert department.name == "Checkers"
    assert list(department.history.values_list("name", "history_user_id", "actor_name")) == [
        ("Checkers", actor.pk, actor.audit_name),
        ("Quality", None, current().actor_name),
    ]


def test_service_without_actor_is_a_programming_error() -> None:
    with pytest.raises(TypeError):
        rename(1, name="x")  # type: ignore[call-arg]


def test_every_status_field_is_named_in_status_enums() -> None:
    from aftersales.kernel.transitions import HasStatus  # noqa: PLC0415 -- walks its subclasses

    def concrete(base: type[models.Model]) -> list[type[models.Model]]:
        found = [base] if not base._meta.abstract else []
        return found + [leaf for child in base.__subclasses__() for leaf in concrete(child)]

    for model in concrete(HasStatus):
        for name, enum in model.status_enums.items():  # type: ignore[attr-defined]
            assert model._meta.get_field(name).choices == enum.choices


def test_trail_names_the_machine_in_the_readers_words_and_people_as_they_are_kept() -> None:
    with translation.override("zh-hans"):
        assert actor_words("System (system)") == "系统"
        assert actor_words("Ann System (ann)") == "Ann System (ann)"
    with translation.override("en"):
        assert actor_words("System (system)") == "System"
