"""What things are called in a record that is read in two languages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import gettext

from aftersales.kernel.refs import for_reader, in_each_language, label_of, ref
from customers.models import Customer, Order
from tests.factories.tickets import make_ticket
from tests.kept import kept
from tickets.models import Category, Message, OutboundMail, Proposal, Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_label_is_the_same_whoever_recorded_it(language: str) -> None:
    proposal = Proposal(pk=1, remedy="refund", amount=Decimal("99.00"), currency="CNY")
    category = Category(pk=2, path="size", name="Size", name_zh="尺码")
    with translation.override(language):
        labels = [ref(proposal).label, ref(category).label]

    assert labels == [kept("仅退款 99.00 CNY / Refund 99.00 CNY"), kept("尺码 / Size")]


def test_label_without_words_is_said_once() -> None:
    ticket = make_ticket()

    assert ref(ticket).label == ticket.number
    assert in_each_language(lambda: "T-1") == "T-1"


def test_models_that_are_asked_once_say_the_same_in_both_languages() -> None:
    asked_once = {m for m in apps.get_models() if getattr(m, "is_called_by_number", False)}
    assert asked_once == {Ticket, Message, OutboundMail, Customer, Order}

    ticket = make_ticket()
    rows: list[models.Model] = [
        ticket, Message(pk=1, ticket=ticket), OutboundMail(ticket=ticket, to_address="a@b.cn"),
        Customer(name="王小二"), Order(external_id="S-1"),
    ]  # fmt: skip
    for row in rows:
        assert in_each_language(row.__str__) == str(row)


def test_a_customer_without_a_name_is_called_so_in_both_languages() -> None:
    assert label_of(Customer(name="王小二")) == "王**"
    assert label_of(Customer()) == kept("未留姓名的客户 / Unnamed customer")


def test_a_reader_sees_the_own_half_of_what_a_machine_wrote() -> None:
    why = in_each_language(lambda: gettext("Nobody to tell."))

    assert why == kept("没有可通知的人。 / Nobody to tell.")
    assert [read(why, language) for language in ("zh-hans", "en", "de")] == [
        "没有可通知的人。",
        "Nobody to tell.",
        "没有可通知的人。",
    ]


def test_a_half_is_told_apart_within_other_words_and_where_it_was_cut() -> None:
    mixed = f"a.jpg: {kept('过大 / Too large')}\nb.jpg: {kept('类型不符 / Wrong type')} x/y"
    long = kept("过大 / Too large to be kept")

    assert read(mixed, "zh-hans") == "a.jpg: 过大\nb.jpg: 类型不符 x/y"
    assert read(mixed, "en") == "a.jpg: Too large\nb.jpg: Wrong type x/y"
    assert [read(long[:10], language) for language in ("zh-hans", "en")] == ["过大", "Too"]
    assert [read(long[:2], language) for language in ("zh-hans", "en")] == ["过", "过"]


@pytest.mark.parametrize("words", ["退货 / return", "外出培训两周 / Training", "a / b / c", ""])
def test_what_people_write_stays_whole(words: str) -> None:
    assert [read(words, language) for language in ("zh-hans", "en")] == [words, words]


def test_words_about_kept_words_are_kept_once_per_language() -> None:
    told = kept("尺码 / Size")

    assert in_each_language(lambda: f"<{told}>") == kept("<尺码> / <Size>")


def read(text: str, language: str) -> str:
    with translation.override(language):
        return for_reader(text)
