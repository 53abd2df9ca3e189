"""Order files: encodings, separators, whole orders only, and every refused row with its reason."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from aftersales.kernel.clock import now
from aftersales.kernel.errors import NotPermitted, RuleViolated
from aftersales.kernel.spreadsheet import guard, unguard
from aftersales.schedules import DUTIES
from compliance.models import AuditEvent, JournalEntry
from customers import uploads
from customers.files import OrderRows, read_orders, write_refused
from customers.models import Customer, Order, OrderLine
from customers.payloads import ParcelData, PaymentData
from customers.services import ImportReport, import_orders, preview_orders
from staff.roles import Role
from tests.factories.customers import make_shop
from tests.factories.people import make_user

HEADER = "订单号,下单时间,币种,订单金额,买家姓名,手机,商品编码,商品名称,数量,单价,实付金额"
GOOD = [
    "A-1,2026-03-01 10:00,CNY,399.00,李小明,13812345678,JKT-1,夹克,1,299.00,299.00",
    "A-1,2026-03-01 10:00,CNY,399.00,李小明,13812345678,CAP-1,帽子,2,50.00,100.00",
    "A-2,2026/3/2 9:30,CNY,50.00,王芳,+86 139 1234 5678,CAP-1,帽子,1,50.00,50.00",
]
BROKEN = [
    "A-3,2026-03-01 10:00,CNY,10.00,赵六,13712345678,CAP-1,帽子",
    "A-4,2026-03-01 10:00,CNY,10.00,赵六,13712345678,CAP-1,帽子,1,10.00,10.00",
    "A-4,2026-03-01 10:00,CNY,10.00,赵六,13712345678,CAP-2,帽子,zwei,10.00,10.00",
    ",2026-03-01 10:00,CNY,10.00,赵六,13712345678,CAP-1,帽子,1,10.00,10.00",
    "A-5,gestern,CNY,10.00,赵六,13712345678,CAP-1,帽子,1,10.00,10.00",
]


def workbook(*rows: list[Any]) -> bytes:
    """The rows as an XLSX."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def text_of(*rows: str) -> str:
    return "\r\n".join([HEADER, *rows]) + "\r\n"


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gbk", "GBK"),
        ("gb18030", "GBK"),
        ("utf-16", "UTF-16"),
    ],
)
def test_a_file_is_read_in_any_usual_encoding(encoding: str, recognised: str) -> None:
    file = read_orders(text_of(*GOOD).encode(encoding))

    assert file.encoding == recognised
    assert [order.external_id for order in file.good] == ["A-1", "A-2"]
    first, second = (order.data for order in file.good)
    assert first is not None
    assert second is not None
    assert first.customer.name == "李小明"
    assert [line.name for line in first.lines] == ["夹克", "帽子"]
    assert second.placed_at == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_is_read_with_any_usual_separator(separator: str) -> None:
    file = read_orders(text_of(*GOOD).replace(",", separator).encode())

    assert len(file.good) == 2
    assert file.refused == []


def test_rows_of_an_order_need_not_be_neighbours() -> None:
    file = read_orders(text_of(GOOD[0], GOOD[2], GOOD[1]).encode())

    assert [len(order.rows) for order in file.good] == [2, 1]


def test_broken_rows_refuse_their_order_and_no_other() -> None:
    file = read_orders(text_of(*GOOD, *BROKEN).encode("gbk"))

    assert [order.external_id for order in file.good] == ["A-1", "A-2"]
    assert [(row.number, row.reason) for row in file.refused] == [
        (5, "The row has 8 cells instead of 11."),
        (6, "Another row of this order was refused."),
        (7, "数量: A whole number is expected here."),
        (8, "The order number is missing."),
        (9, "下单时间: Not a date and time (ISO 8601)."),
    ]
    assert file.row_count == len(GOOD) + len(BROKEN)


def test_bytes_that_fit_no_encoding_refuse_their_order_only() -> None:
    content = text_of(*GOOD).encode("gbk").replace("王芳".encode("gbk"), b"\x80\xff\x80\xff")

    file = read_orders(content)

    assert [order.external_id for order in file.good] == ["A-1"]
    assert [row.reason for row in file.refused] == ["买家姓名: The text has unreadable characters."]


PAID = HEADER + ",支付单号,支付方式,支付金额,支付时间,运单号,快递公司,签收时间"
ORDER = "2026-03-01 10:00,CNY,399.00,李小明,13812345678"
JACKET, CAPS = "JKT-1,夹克,1,299.00,299.00", "CAP-1,帽子,2,50.00,100.00"
WHOLE = "P1,alipay,300.00,2026-03-01 10:05,SF1,SF,2026-03-04 09:00"


def paid_file(first: str, second: str, order: str = ORDER) -> OrderRows:
    rows = (PAID, f"A-1,{ORDER},{JACKET},{first}", f"A-1,{order},{CAPS},{second}")
    (read,) = read_orders("\r\n".join(rows).encode()).orders
    return read


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (WHOLE, WHOLE),
        (WHOLE, "P1,,,,SF1,,"),
        ("P1,,,,SF1,,", WHOLE),
        ("P1,alipay,,2026-03-01 10:05,SF1,,", "P1,,300.00,,SF1,SF,2026-03-04 09:00"),
    ],
)
def test_what_rows_say_of_one_payment_and_parcel_is_put_together(first: str, second: str) -> None:
    order = paid_file(first, second)

    assert [row.reason for row in order.rows] == ["", ""]
    assert order.data is not None
    assert order.data.payments == (
        PaymentData("P1", "alipay", "CNY", Decimal(300), datetime(2026, 3, 1, 2, 5, tzinfo=UTC)),
    )
    assert order.data.shipments == (
        ParcelData("SF", "SF1", None, datetime(2026, 3, 4, 1, tzinfo=UTC), ()),
    )


def test_empty_values_of_the_order_in_later_rows_do_no_harm() -> None:
    for first, second in (("P1,alipay,,,,,", "P1,,,,,,"), (",,,,,,", "P1,alipay,,,,,")):
        order = paid_file(first, second, order=",,,,")

        assert [row.reason for row in order.rows] == ["", ""]
        assert order.data is not None
        assert order.data.payments is not None
        assert [payment.captured for payment in order.data.payments] == [Decimal(399)]


@pytest.mark.parametrize(
    ("second", "order", "reason"),
    [
        (WHOLE.replace("300", "99"), ORDER, "支付金额: Differs from an earlier row"),
        (WHOLE.replace("10:05", "10:06"), ORDER, "支付时间: Differs from an earlier row"),
        (WHOLE.replace("03-04", "03-05"), ORDER, "签收时间: Differs from an earlier row"),
        (WHOLE, ORDER.replace("138", "139"), "手机: Differs from the first row"),
        (WHOLE, ORDER.replace("李小明", "王芳"), "买家姓名: Differs from the first row"),
    ],
)
def test_rows_that_contradict_each_other_are_not_believed(
    second: str, order: str, reason: str
) -> None:
    refused = paid_file(WHOLE, second, order)

    assert refused.is_refused
    assert refused.rows[0].reason == "Another row of this order was refused."
    assert refused.rows[1].reason.startswith(reason)


def test_rows_of_one_order_must_agree() -> None:
    other_total = GOOD[1].replace("399.00", "400.00")

    file = read_orders(text_of(GOOD[0], other_total).encode())

    assert [row.reason for row in file.refused] == [
        "Another row of this order was refused.",
        "订单金额: Differs from the first row of this order.",
    ]


@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        (
            "en",
            ["Unit Price: The amount cannot be negative.", "payment_method: This is required."],
        ),
        ("zh-hans", ["Unit Price: 金额不能为负数。", "支付方式: 此项必填。"]),
    ],
)
def test_a_reason_names_the_column_as_the_file_does(language: str, reasons: list[str]) -> None:
    header = HEADER.replace("单价", " Unit Price ") + ",交易号"
    rows = [
        "A-1,2026-03-01 10:00,CNY,10.00,赵六,13712345678,CAP-1,帽子,1,-10.00,10.00,",
        "A-2,2026-03-01 10:00,CNY,10.00,赵六,13712345678,CAP-1,帽子,1,10.00,10.00,P-1",
    ]

    with translation.override(language):
        file = read_orders("\n".join([header, *rows]).encode())

    assert [row.reason for row in file.refused] == reasons


@pytest.mark.parametrize(
    ("language", "missing", "heading"),
    [
        ("en", "Missing columns: order_number, sku.", "reason"),
        ("zh-hans", "缺少列：订单号, 商品编码。", "拒绝原因"),
    ],
)
def test_what_a_file_lacks_is_named_in_the_language_of_the_reader(
    language: str, missing: str, heading: str
) -> None:
    short = HEADER.replace("订单号,", "").replace("商品编码,", "")

    with translation.override(language):
        with pytest.raises(RuleViolated) as refusal:
            read_orders(short.encode())
        back = write_refused(read_orders(text_of(BROKEN[2]).encode()))

    assert str(refusal.value) == missing
    assert back.decode("utf-8-sig").splitlines()[0] == f"{HEADER},{heading}"
    assert len(read_orders(back).refused) == 1


def test_refused_rows_come_back_mended_without_a_change_to_the_columns() -> None:
    file = read_orders(text_of(*GOOD, BROKEN[2], BROKEN[1]).encode("gbk"))
    back = write_refused(file)

    again = read_orders(back.replace(b"zwei", b"2"))

    rows = list(csv.reader(io.StringIO(back.decode("utf-8-sig"))))
    assert rows[0] == [*HEADER.split(","), "reason"]
    assert len(rows) == 3
    assert [order.external_id for order in again.good] == ["A-4"]


def test_abuse_51_refused_cells_cannot_become_formulas_and_come_back_as_they_were() -> None:
    evil = "A-9,2026-03-01 10:00,CNY,x,=1+1,+86 139 1234 5678,@S,-N,1,1.00,1.00"
    back = write_refused(read_orders(text_of(evil).encode()))

    cells = list(csv.reader(io.StringIO(back.decode("utf-8-sig"))))[1]
    again = read_orders(back)

    assert [cell for cell in cells if cell[:1] in "=+-@\t" and cell] == []
    assert again.refused[0].cells[4:8] == ["=1+1", "+86 139 1234 5678", "@S", "-N"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "x", "", "'x"])
def test_guarding_a_cell_can_be_undone(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        ("订单号,颜色\n1,2".encode(), "unknown_column"),
        ("订单号,order\n1,2".encode(), "column_twice"),
        ("订单号\n1".encode(), "column_missing"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_csv"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)), "not_csv"),
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "not_csv"),
        (zipped(word=b"no sheet"), "not_csv"),
        (text_of().encode(), "file_empty"),
        (workbook(HEADER.split(",")), "file_empty"),
        (workbook(["颜色"], ["红"]), "unknown_column"),
        (workbook(HEADER.split(","), *[GOOD[2].split(",")] * 20_001), "too_many_rows"),
        ("订单号,颜色\n1,\x00".encode(), "unknown_column"),
        (b"x" * (10 * 1024 * 1024 + 1), "file_too_large"),
        (text_of(*[GOOD[2]] * 20_001).encode(), "too_many_rows"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(content: bytes, code: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        read_orders(content)

    assert (refusal.value.code, refusal.value.field) == (code, "file")


@pytest.mark.django_db
def test_an_import_stores_the_good_orders_signed_and_counts_every_row() -> None:
    shop, importer = make_shop(), make_user(Role.ADMINISTRATOR)
    file = read_orders(text_of(*GOOD, *BROKEN).encode("gbk"))

    report = import_orders(file, shop, actor=importer)

    assert report == ImportReport(
        created=2, changed=0, unchanged=0, stale=0, refused_rows=5, rows=8
    )
    assert (Order.objects.count(), OrderLine.objects.count()) == (2, 3)
    assert set(Order.history.values_list("source", "actor_name")) == {
        ("import", importer.audit_name)
    }
    assert JournalEntry.objects.filter(actor_name="").count() == 0
    event = AuditEvent.objects.get(code="customers.orders_imported")
    assert (event.data["created"], event.data["refused_rows"]) == (2, 5)


def test_a_column_without_end_is_said_in_words() -> None:
    content = text_of(*GOOD, f"A-9,{'x' * 140_000}").encode()

    (refused,) = read_orders(content).refused

    assert (refused.number, refused.reason) == (
        5,
        "A column is longer than 131072 characters.",
    )


@pytest.mark.django_db
def test_a_file_twice_is_unchanged() -> None:
    shop, importer = make_shop(), make_user(Role.ADMINISTRATOR)
    import_orders(read_orders(text_of(*GOOD).encode()), shop, actor=importer)

    report = import_orders(read_orders(text_of(*GOOD).encode("gbk")), shop, actor=importer)

    assert report == ImportReport(
        created=0, changed=0, unchanged=2, stale=0, refused_rows=0, rows=3
    )
    assert Order.history.count() == 2


@pytest.mark.django_db
def test_an_order_refused_by_what_is_known_comes_back_too() -> None:
    shop, importer = make_shop(), make_user(Role.ADMINISTRATOR)
    import_orders(read_orders(text_of(*GOOD).encode()), shop, actor=importer)
    shorter = read_orders(text_of(GOOD[0]).encode())

    report = import_orders(shorter, shop, actor=importer)

    assert (report.refused_rows, report.changed) == (1, 0)
    assert shorter.refused[0].reason == "Reported before and missing now: 2."


@pytest.mark.django_db
def test_a_preview_tells_the_same_and_stores_nothing() -> None:
    shop, importer = make_shop(), make_user(Role.ADMINISTRATOR)
    before = (AuditEvent.objects.count(), JournalEntry.objects.count())

    report = preview_orders(read_orders(text_of(*GOOD).encode()), shop, actor=importer)

    assert report == ImportReport(
        created=2, changed=0, unchanged=0, stale=0, refused_rows=0, rows=3
    )
    assert (Order.objects.count(), Customer.objects.count(), Order.history.count()) == (0, 0, 0)
    assert (AuditEvent.objects.count(), JournalEntry.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR, Role.SERVICE_ACCOUNT])
def test_files_are_imported_by_administrators_only(role: str) -> None:
    file = read_orders(text_of(*GOOD).encode())

    with pytest.raises(NotPermitted):
        import_orders(file, make_shop(), actor=make_user(role))

    assert Order.objects.count() == 0


def test_files_of_imports_nobody_finished_are_gone_after_a_day() -> None:
    waiting = next(duty for duty in DUTIES if duty.code == "uploads")
    old, new = uploads.keep(b"name,phone"), uploads.keep(b"name,phone")
    a_day_ago = (now() - timedelta(hours=25)).timestamp()
    os.utime(uploads.folder() / old, (a_day_ago, a_day_ago))

    assert waiting.run() == 1
    assert (uploads.read(old), uploads.read(new)) == (None, b"name,phone")
    uploads.forget(new)
