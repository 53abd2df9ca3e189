"""Order files as shops have them: workbooks, and the words of their own systems."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aftersales.kernel.errors import RuleViolated
from customers import workbooks
from customers.files import read_orders
from tests.customers.test_files import BROKEN, GOOD, HEADER, text_of, workbook


def test_a_workbook_is_read_like_a_csv() -> None:
    rows = [row.split(",") for row in (*GOOD, *BROKEN)]
    typed = [
        "A-7",
        datetime(2026, 3, 1, 10),  # noqa: DTZ001 -- a sheet knows no zone
        "CNY",
        50,
        "王芳",
        13912345678,
        "C",
        "帽",
        1,
        50.0,
        50,
    ]

    file = read_orders(workbook(HEADER.split(","), *rows, [], typed))
    same = read_orders(text_of(*GOOD, *BROKEN).encode())

    assert file.encoding == "XLSX"
    assert [order.external_id for order in file.good] == ["A-1", "A-2", "A-7"]
    assert [row.number for row in file.refused] == [row.number for row in same.refused]
    assert file.refused[-1].reason == same.refused[-1].reason
    data = file.good[-1].data
    assert data is not None
    assert (data.total, data.customer.phone, data.lines[0].quantity) == (50, "13912345678", 1)
    assert data.placed_at == datetime(2026, 3, 1, 2, tzinfo=UTC)


def test_abuse_47_a_workbook_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1000)

    with pytest.raises(RuleViolated) as refusal:
        read_orders(workbook(HEADER.split(","), GOOD[2].split(",")))

    assert refusal.value.code == "not_csv"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("已发货", "shipped"),
        ("卖家已发货,等待买家确认", "shipped"),
        ("交易成功", "completed"),
        ("交易关闭", "canceled"),
        ("待发货", "paid"),
        ("delivered", "delivered"),
        ("", "paid"),
    ],
)
def test_statuses_and_currency_are_read_as_chinese_shop_systems_say_them(
    said: str, status: str
) -> None:
    row = "A-9;2026-03-01 10:00;人民币;50.00;王芳;13912345678;CAP-1;帽子;1;50.00;50.00"
    text = f"{HEADER.replace(',', ';')};订单状态\n{row};{said}\n"

    (order,) = read_orders(text.encode()).good

    assert order.data is not None
    assert (order.data.shop_status, order.data.currency) == (status, "CNY")


def test_a_status_nobody_knows_is_still_refused() -> None:
    (row,) = read_orders(f"{HEADER},状态\n{GOOD[2]},飞走了\n".encode()).refused

    assert row.reason.startswith("状态: Not one of: paid, shipped")
