"""Lists on a phone: each row is a card whose labels are written as the headings are."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from aftersales.admin_labels import labelled
from staff.roles import Role
from tests.factories.customers import make_shop
from tests.factories.people import make_user
from tests.factories.returns import make_address

pytestmark = pytest.mark.django_db


def labels(path: str, language: str = "en") -> list[str]:
    client = Client(headers={"accept-language": language})
    client.force_login(make_user(Role.ADMINISTRATOR))
    return re.findall(r'data-label="([^"]*)"', client.get(path).content.decode())


def test_labels_of_cards_begin_with_a_capital_letter_only() -> None:
    make_shop()

    assert labels("/admin/customers/shop/") == [
        "Code",
        "Name (English)",
        "Name (Chinese)",
        "Market",
        "Currency",
        "Support address",
        "In use",
    ]


def test_labels_in_chinese_stay_as_they_are() -> None:
    make_shop()

    assert labels("/admin/customers/shop/", "zh-hans")[:2] == ["代码", "名称（英文）"]


def test_only_the_first_label_of_a_cell_is_touched() -> None:
    cell = '<td class="x" data-label="in use"><i data-label="in">a</i></td>'

    assert labelled(cell) == '<td class="x" data-label="In use"><i data-label="in">a</i></td>'


@pytest.mark.parametrize(
    ("language", "words"), [("en", "without a booking"), ("zh-hans", "不预约")]
)
def test_a_carrier_is_shown_by_its_name(language: str, words: str) -> None:
    make_address()
    client = Client(headers={"accept-language": language})
    client.force_login(make_user(Role.ADMINISTRATOR))

    page = client.get("/admin/returns/returnaddress/").content.decode()

    assert words in page
    assert ">manual<" not in page
