"""Abuse cases 42 to 53 of reference/reliability.md section 9: what strangers write and send."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as desk
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from aftersales.kernel.context import acting
from aftersales.kernel.spreadsheet import STARTERS, guard, unguard
from customers.models import Order
from handoffs.services import party_links
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.abuse.test_all_named import imported, locked
from tests.api.calls import Caller
from tests.customers.test_files import zipped
from tests.factories.customers import make_order, make_shop
from tests.factories.handoffs import make_handoff
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import address, shown, signed_in
from tests.tickets.mails import mail
from tests.tickets.portal_page import page_of, write
from tickets import replies
from tickets.models import Attachment, SavedReply, Ticket
from tickets.services.files import NewFile, add_file
from tickets.services.intake import Arrival, receive

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
ODD_FILES = {
    "42 svg": ("drawing.svg", SVG),
    "45 html as picture": ("photo.jpg", b"<!doctype html>" + SCRIPT),
    "45 html behind the head of a picture": ("photo.jpg", JPEG + b"<html>" + SCRIPT),
    "46 packed svg": ("drawing.svgz", gzip.compress(SVG)),
    "46 program": ("shell.pht", b"<?php system($_GET['c']); ?>"),
    "46 page without its head": ("page.xhtml", b'<x xmlns:x="http://www.w3.org/1999/xhtml"/>'),
}


def doors(ticket: Ticket, attachment: Attachment) -> dict[str, Any]:
    """The file as every door gives it."""
    agent = make_user()
    leg = make_handoff(ticket, agent, "external", files=(attachment.pk,))
    party = urlsplit(party_links.give_party_link(leg.pk, actor=agent)).path
    number = leg.files.get().pk
    return {
        "case": signed_in(agent).get(address(ticket, f"file/{attachment.pk}")),
        "customer": Client().get(f"{page_of(ticket)}files/{attachment.pk}/"),
        "outsider": Client().get(f"{party}files/{number}/"),
        "api": Caller(agent).get(f"tickets/{ticket.number}/attachments/{attachment.pk}/"),
    }


@pytest.mark.parametrize("kind", ODD_FILES)
def test_abuse_42_45_46_files_that_are_pages_are_downloads_at_every_door(kind: str) -> None:
    system_actor()
    ticket, (name, content) = make_ticket(), ODD_FILES[kind]
    attachment = add_file(ticket.pk, NewFile(name, content), actor=make_user())

    for door, answer in doors(ticket, attachment).items():
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        body = body or answer.content_read
        assert (answer.status_code, body) == (200, content), door
        assert answer["Content-Disposition"].startswith("attachment"), door
        assert answer["X-Content-Type-Options"] == "nosniff", door
        assert answer["Content-Type"] in ("application/octet-stream", "image/jpeg"), door
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, door
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0], door


@pytest.mark.parametrize("word", ["javascript:alert(1)//", "data:text/html,<script>alert(1)"])
def test_abuse_43_words_that_are_addresses_of_scripts_are_no_links(word: str) -> None:
    order = make_order(
        customer={"external_id": "C1", "name": word, "phone": "13912345678"},
        recipient=word,
        address=word,
    )
    ticket = make_ticket(order=order, customer=order.customer, subject=word, body=word)

    pages = [
        shown(make_user(), ticket),
        signed_in(make_user(Role.ADMINISTRATOR))
        .get(reverse("admin:customers_customer_change", args=[order.customer_id]))
        .content.decode(),
        Client().get(page_of(ticket)).content.decode(),
    ]

    for page in pages:
        for attribute in ("href", "src", "action", "formaction"):
            assert f'{attribute}="{word[:10]}' not in page
        assert "<script>alert(1)" not in page


NESTED = (
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)//",
    "<<b>script>alert(1)<</b>/script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<svg/onload=alert(1)>",
)


@pytest.mark.parametrize("words", NESTED)
@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_abuse_44_tags_in_tags_are_words_on_every_page(words: str, kind: str) -> None:
    make_department()
    body = f"Hello, the jacket is torn. {words} Bye".encode()
    raw = mail(body, From="li@example.com", Subject=words, Content_Type=f"{kind}; charset=utf-8")
    ticket = receive(Arrival(channel="mail", raw=raw), actor=system_actor()).intake.ticket
    assert ticket is not None

    for page in (shown(make_user(), ticket), Client().get(page_of(ticket)).content.decode()):
        for tag in ("<script>alert", "<img src=x", "<svg/onload", "<scr<script"):
            assert tag not in page


def workbook(name: str, content: bytes) -> bytes:
    """A good workbook with one part exchanged."""
    good, out = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["order", "amount"])
    book.save(good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
CELLS = b"<worksheet %s><sheetData>%s</sheetData></worksheet>"


ENTITIES = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">%s]><sst><si><t>&j;</t></si></sst>"""
)
LAUGHS = b"".join(
    b'<!ENTITY %s "%s">' % (bytes([name]), b"&%s;" % bytes([name - 1]) * 50)
    for name in range(ord("b"), ord("k"))
)


@pytest.mark.parametrize(
    "content",
    [
        zipped(**{"../../../evil.xml": b"x", "/etc/cron.d/evil": b"x"}),
        zipped(**{"xl/sharedStrings.xml": b"0" * 210_000_000}),
        zipped(
            **{
                "[Content_Types].xml": ENTITIES % (b"x" * 50, LAUGHS),
                "xl/sharedStrings.xml": ENTITIES % (b"x" * 50, LAUGHS),
            }
        ),
        workbook(SHEET, CELLS % (MAIN, b"<row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row>")),
        workbook(SHEET, CELLS % (MAIN, (b"<row>" + b"<c/>" * 100 + b"</row>") * 50_000)),
        workbook(STYLES, b"<styleSheet %s>%s</styleSheet>" % (MAIN, b"<x/>" * 2_000_000)),
    ],
    ids=["slip", "bomb", "laughs", "row", "rows", "styles"],
)
def test_abuse_47_79_workbook_that_is_a_trap_is_refused(content: bytes) -> None:
    before = {path for path in Path(desk.MEDIA_ROOT).rglob("*") if path.is_file()}
    client = signed_in(make_user(Role.ADMINISTRATOR))
    file = SimpleUploadedFile("orders.xlsx", content)

    answer = client.post(
        reverse("admin:customers_order_import"), {"shop": make_shop().pk, "file": file}
    )

    assert "neither a CSV file nor a workbook" in answer.content.decode()
    assert Order.objects.count() == 0
    assert {path for path in Path(desk.MEDIA_ROOT).rglob("*") if path.is_file()} == before


PATHS = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/shadow",
    "a/../../b",
    "....//x",
    "..",
    "\x00/x",
)


@pytest.mark.parametrize("name", PATHS)
def test_abuse_49_path_in_a_name_leads_nowhere(name: str) -> None:
    ticket, system = make_ticket(channel="web"), system_actor()
    root = Path(desk.MEDIA_ROOT).resolve()
    write(Client(), page_of(ticket), body="See", files=[SimpleUploadedFile("x", b"by form")])
    add_file(ticket.pk, NewFile(name, b"by service"), actor=system)

    for file in Attachment.objects.all():
        assert not set(file.file_name) & set("/\\\x00")
        assert file.file_name not in ("", ".", "..")
    for path in root.rglob("*"):
        assert path.resolve().is_relative_to(root)
        assert path.is_dir() or path.name.partition(".")[0].isalnum()


def test_abuse_50_nothing_here_makes_pdf() -> None:
    makers = {"weasyprint", "reportlab", "xhtml2pdf", "pdfkit", "fpdf2", "pypdf", "pymupdf"}

    assert not locked() & makers
    assert not [name for name in imported() if "pdf" in name.lower()]


EVIL = [f"{starter}HYPERLINK(0)" for starter in STARTERS]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_abuse_51_cell_that_could_be_a_formula_is_text_and_comes_back(start: str) -> None:
    cell = f"{start}1+1"

    assert guard(cell) == f"'{cell}"
    assert unguard(guard(cell)) == cell


@pytest.fixture
def evil_orders() -> User:
    """Orders that are called like formulas."""
    with acting(user := make_user(Role.ADMINISTRATOR)):
        for word in EVIL:
            order = make_order(customer={"external_id": word.strip(), "name": word.strip()})
            order.external_id = word
            order.save(update_fields=["external_id"])
    return user


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_abuse_51_export_of_orders_holds_no_formula(evil_orders: User, kind: str) -> None:
    asked = {"format": "01"[kind == "xlsx"], "resource": "", "note": "yearly report"}

    answer = signed_in(evil_orders).post(reverse("admin:customers_order_export"), asked)

    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))[1:]
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        rows = [[str(value or "") for value in row] for row in sheet.values][1:]
    assert len(rows) == len(EVIL)
    assert not [cell for row in rows for cell in row if cell.startswith(STARTERS)]


def test_abuse_52_addresses_and_browsers_in_the_trail_are_words(client: Client) -> None:
    evil = '<script>alert("52")</script>'
    headers = {"HTTP_X_FORWARDED_FOR": evil, "HTTP_USER_AGENT": evil, "HTTP_X_REAL_IP": evil}
    lead, auditor = make_user(Role.LEAD), make_user(Role.AUDITOR)
    browser = signed_in(lead)
    ticket = make_ticket()
    browser.post(address(ticket, "do/note"), {"body": "x"}, **headers)
    client.post("/admin/login/", {"username": evil, "password": "x"}, **headers)

    for name in (
        "compliance_journalentry",
        "compliance_auditevent",
        "axes_accesslog",
        "axes_accessfailurelog",
        "compliance_disclosure",
    ):
        page = signed_in(auditor).get(reverse(f"admin:{name}_changelist")).content.decode()
        assert evil not in page


INJECTED = (
    "{{ agent.password }}",
    "{% load x %}",
    "{agent.password}",
    "{0.__class__}",
    "%(agent)s",
)


@pytest.mark.parametrize("words", INJECTED)
def test_abuse_53_saved_reply_runs_no_template(words: str) -> None:
    agent, ticket = make_user(), make_ticket()
    reply = SavedReply(name="x", body=f"Dear {words} {{{{ number }}}}", body_zh="", owner=agent)

    text = replies.with_name(replies.render_reply(reply, ticket, agent), ticket)

    assert text == f"Dear {words} {ticket.number}"


def test_abuse_53_words_of_a_customer_are_no_variables_of_a_reply() -> None:
    agent = make_user(display_name="Secret Name")
    order = make_order(
        customer={"external_id": "C1", "name": "{{ agent }}", "phone": "13912345678"}
    )
    ticket = make_ticket(subject="{{ agent }} {{ number }}", customer=order.customer)
    reply = SavedReply(name="x", body="{{ customer }}: {{ subject }}", owner=agent)

    text = replies.with_name(replies.render_reply(reply, ticket, agent), ticket)

    assert text == "{{ agent }}: {{ agent }} {{ number }}"
