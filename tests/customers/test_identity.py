"""Who is who: one spelling per address, one person per address, merges that can be undone."""

from __future__ import annotations

from functools import partial

import pytest

from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from customers.contacts import normalize
from customers.models import ContactPoint, Customer
from customers.queries import customer_overview, find_customers
from customers.services import (
    add_contact_point,
    identify_customer,
    merge_customers,
    opt_out_of_surveys,
    unmerge_customers,
)
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import make_order
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("channel", "typed", "stored"),
    [
        ("phone", "+86 138 1234 5678", "13812345678"),
        ("phone", "0086-138-1234-5678", "13812345678"),
        ("phone", "１３８１２３４５６７８", "13812345678"),
        ("phone", "＋86（138）12345678", "13812345678"),
        ("phone", "١٣٨ ١٢٣٤ ٥٦٧٨", "13812345678"),
        ("phone", "+49 30 1234567", "+49301234567"),
        ("phone", "0049 30 1234567", "+49301234567"),
        ("phone", "010-88886666", "01088886666"),
        ("email", " Li.Wei@Example.CN ", "li.wei@example.cn"),
        ("wechat", " liwei ", "liwei"),
    ],
)
def test_contacts_have_one_spelling(channel: str, typed: str, stored: str) -> None:
    assert normalize(channel, typed) == stored


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("phone", "no number"),
        ("phone", "12"),
        ("email", "li.wei"),
        ("email", "a@b@c"),
        ("wechat", ""),
        ("wechat", "x" * 255),
        ("email", "a\x00@example.cn"),
        ("email", f"a@{'.'.join(['İ' * 40] * 4)}.com"),
    ],
)
def test_contacts_that_are_none_are_refused(channel: str, typed: str) -> None:
    with pytest.raises(RuleViolated):
        normalize(channel, typed)


def test_identify_finds_the_same_person_however_the_number_is_spelled() -> None:
    agent = make_user()

    first = identify_customer("phone", "+86 138 1234 5678", actor=agent, name="李小明")
    second = identify_customer("phone", "１３８12345678", actor=agent, name="别人")

    assert second == first
    assert (Customer.objects.count(), ContactPoint.objects.count()) == (1, 1)
    assert Customer.objects.get().name == "李小明"
    assert AuditEvent.objects.filter(code="customers.created").count() == 1


def test_identify_fills_in_a_missing_name_once() -> None:
    agent = make_user()
    identify_customer("email", "a@example.cn", actor=agent)

    identify_customer("email", "A@example.cn", actor=agent, name="李\n小明")

    customer = Customer.objects.get()
    assert customer.name == "李 小明"
    assert [row.history_type for row in customer.history.order_by("history_id")] == ["+", "~"]


def test_identify_refuses_an_unknown_channel_and_writes_nothing() -> None:
    with pytest.raises(RuleViolated, match="kind of address"):
        identify_customer("fax", "1", actor=make_user())

    assert Customer.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (None, False),
        (Role.WAREHOUSE, False),
        (Role.AGENT, True),
        (Role.SERVICE_ACCOUNT, True),
    ],
)
def test_identify_is_for_those_who_take_in_cases_or_orders(role: str | None, may: bool) -> None:
    actor = make_user(role) if role else make_user(roles=[])

    if may:
        assert identify_customer("phone", "13812345678", actor=actor).pk
    else:
        with pytest.raises(NotPermitted):
            identify_customer("phone", "13812345678", actor=actor)
        assert Customer.objects.count() == 0


def test_the_system_may_identify() -> None:
    assert identify_customer("phone", "13812345678", actor=system_actor()).pk


def test_address_of_somebody_else_is_refused() -> None:
    agent = make_user()
    owner = identify_customer("phone", "13812345678", actor=agent)
    other = identify_customer("phone", "13912345678", actor=agent)

    with pytest.raises(RuleViolated) as refusal:
        add_contact_point(other.pk, "phone", "+8613812345678", actor=agent, note="by phone")

    assert refusal.value.code == "contact_taken"
    assert owner.contact_points.count() == other.contact_points.count() == 1
    assert not AuditEvent.objects.filter(code__startswith="customers.contact_").exists()


def test_address_is_noted_normalised_masked_and_with_its_reason() -> None:
    agent = make_user()
    customer = identify_customer("phone", "13812345678", actor=agent)

    point = add_contact_point(
        customer.pk, "email", " Wang.Fang@Example.cn ", actor=agent, note="said on the phone"
    )

    event = AuditEvent.objects.get(code="customers.contact_added")
    told = {"channel": "email", "address": point.masked, "confirmed": False}
    assert (point.address, point.customer) == ("wang.fang@example.cn", customer)
    assert (event.note, event.data, event.actor_id) == ("said on the phone", told, agent.pk)
    assert "wang.fang" not in str(event.data)
    assert point.history.get().history_type == "+"


def test_known_address_is_confirmed_once_and_not_noted_again() -> None:
    agent = make_user()
    customer = identify_customer("email", "a@example.cn", actor=agent)
    add = partial(add_contact_point, customer.pk, "email", "A@example.cn", actor=agent, note="said")

    with pytest.raises(InvalidTransition):
        add()
    assert add(is_verified=True).is_verified
    with pytest.raises(InvalidTransition):
        add(is_verified=True)

    codes = AuditEvent.objects.filter(code__startswith="customers.contact_")
    assert list(codes.values_list("code", flat=True)) == ["customers.contact_confirmed"]
    assert customer.contact_points.count() == 1


def test_address_of_another_record_of_the_person_is_known() -> None:
    lead = make_user(Role.LEAD)
    record = identify_customer("email", "a@example.cn", actor=lead)
    customer = identify_customer("phone", "13812345678", actor=lead)
    merge_customers(record.pk, customer.pk, actor=lead)

    with pytest.raises(InvalidTransition):
        add_contact_point(customer.pk, "email", "a@example.cn", actor=lead, note="said")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"note": " "}, "reason_missing"),
        ({"address": "nonsense"}, "bad_mail"),
        ({"channel": "pigeon"}, "unknown_channel"),
    ],
)
def test_address_that_cannot_be_noted_changes_nothing(values: dict[str, str], code: str) -> None:
    agent = make_user()
    customer = identify_customer("phone", "13812345678", actor=agent)
    given = {"channel": "email", "address": "a@example.cn", "note": "by phone"} | values

    with pytest.raises(RuleViolated) as refusal:
        add_contact_point(customer.pk, **given, actor=agent)

    assert (refusal.value.code, refusal.value.field) == (code, next(iter(values)))
    assert customer.contact_points.count() == 1
    assert not AuditEvent.objects.filter(code__startswith="customers.contact_").exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE, Role.FINANCE])
def test_address_is_noted_by_who_takes_in_cases(role: str) -> None:
    customer = identify_customer("phone", "13812345678", actor=make_user())

    with pytest.raises(NotPermitted):
        add_contact_point(customer.pk, "email", "a@b.cn", actor=make_user(role), note="by phone")

    assert customer.contact_points.count() == 1


def test_merge_is_a_link_that_can_be_undone() -> None:
    lead = make_user(Role.LEAD)
    order = make_order()
    target = identify_customer("email", "a@example.cn", actor=lead)

    merge_customers(order.customer_id, target.pk, actor=lead, note="same person")

    phone = order.customer.contact_points.get().address
    assert identify_customer("phone", phone, actor=lead) == target
    assert customer_overview(target).orders == [order]
    assert list(find_customers(order.external_id, user=lead)) == [target]

    unmerge_customers(order.customer_id, actor=lead, note="two people after all")

    assert identify_customer("phone", phone, actor=lead) == order.customer
    assert customer_overview(target).orders == []
    codes = AuditEvent.objects.filter(code__contains="merged").order_by("id")
    assert list(codes.values_list("code", "note")) == [
        ("customers.merged", "same person"),
        ("customers.unmerged", "two people after all"),
    ]


def test_merge_refuses_itself_a_repeat_and_a_merged_target() -> None:
    lead = make_user(Role.LEAD)
    one, two, three = (
        identify_customer("phone", f"1381234567{digit}", actor=lead) for digit in (1, 2, 3)
    )
    merge_customers(one.pk, two.pk, actor=lead)

    with pytest.raises(RuleViolated, match="into itself"):
        merge_customers(three.pk, three.pk, actor=lead)
    with pytest.raises(InvalidTransition):
        merge_customers(one.pk, three.pk, actor=lead)
    with pytest.raises(RuleViolated, match="itself merged"):
        merge_customers(two.pk, one.pk, actor=lead)
    with pytest.raises(InvalidTransition):
        unmerge_customers(three.pk, actor=lead)

    links = Customer.objects.order_by("pk").values_list("merged_into", flat=True)
    assert list(links) == [two.pk, None, None]
    assert AuditEvent.objects.filter(code__contains="merged").count() == 1


@pytest.mark.parametrize("role", [None, Role.AGENT, Role.WAREHOUSE, Role.AUDITOR])
def test_merge_is_for_leads(role: str | None) -> None:
    lead = make_user(Role.LEAD)
    one = identify_customer("phone", "13812345671", actor=lead)
    two = identify_customer("phone", "13812345672", actor=lead)
    actor = make_user(role) if role else make_user(roles=[])

    with pytest.raises(Customer.DoesNotExist if role is None else NotPermitted):
        merge_customers(one.pk, two.pk, actor=actor)

    one.refresh_from_db()
    assert one.merged_into is None
    assert AuditEvent.objects.filter(code="customers.merged").count() == 0


def test_opting_out_of_surveys_twice_is_recorded_once() -> None:
    agent = make_user()
    customer = identify_customer("phone", "13812345678", actor=agent)

    opt_out_of_surveys(customer.pk, actor=agent)
    opt_out_of_surveys(customer.pk, actor=system_actor())

    customer.refresh_from_db()
    assert customer.wants_surveys is False
    assert AuditEvent.objects.filter(code="customers.survey_opt_out").count() == 1


@pytest.mark.parametrize("asked", ["ORD", "SF100", "+86 139", "C", "%", "", "\x00", "x" * 300])
def test_find_customers_wants_the_whole_number(asked: str) -> None:
    make_order()

    expected = 1 if asked == "SF100" else 0
    assert find_customers(asked, user=make_user()).count() == expected


def test_find_customers_knows_phone_mail_order_parcel_and_account_number() -> None:
    agent = make_user()
    order = make_order(
        customer={"external_id": "C77", "phone": "13912345678", "email": "w@example.cn"}
    )

    for asked in ("139 1234 5678", "W@Example.cn", order.external_id, "SF100", "C77"):
        assert list(find_customers(asked, user=agent)) == [order.customer]
    assert find_customers("C77", user=make_user(roles=[])).count() == 0
