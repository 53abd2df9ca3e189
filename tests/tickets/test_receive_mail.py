"""The end of the mail server's pipe: one outcome for whatever comes, exit code 0."""

from __future__ import annotations

import io
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.kernel.refs import in_each_language
from tests.factories.customers import make_order, make_shop
from tests.factories.people import make_department
from tests.kept import kept
from tests.tickets.mails import DATA, mail, mixed, part, qq_reply
from tickets import files
from tickets.models import RawIntake, Ticket
from tickets.services.intake.door import UNHANDLED
from tickets.statuses import IntakeOutcome as O

pytestmark = pytest.mark.django_db

OUTCOMES = {"ticket", "message", "duplicate", "ignored", "quarantined"}
EML = sorted((DATA / "eml").glob("*.eml"))


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


def run(raw: bytes, *args: str) -> str:
    out, real = io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(raw))
    try:
        call_command("receive_mail", *args, stdout=out)
    finally:
        sys.stdin = real
    return out.getvalue().strip()


def run_json(raw: bytes) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(run(raw, "--json"))
    assert said["outcome"] in OUTCOMES
    return said


def test_prints_the_outcome_and_the_case_number() -> None:
    said = run(mail(b"Where is my parcel?"))

    assert said == f"ticket {Ticket.objects.get().number}"
    assert run(mail(b"Where is my parcel?")) == f"duplicate {Ticket.objects.get().number}"


def test_other_words_under_a_known_id_are_said_to_wait() -> None:
    run(mail(b"Where is my parcel?"))

    said = run_json(mail(b"My zip broke.", From="bob@example.com"))

    assert (said["outcome"], said["ticket"]) == ("quarantined", None)
    assert said["reason"] == ("The same id was received before with other content.")


@pytest.mark.parametrize(
    ("body", "headers", "outcome"),
    [
        (
            b"Where is my parcel?",
            {"Received": "by relay2", "Delivered-To": "b@shop.cn"},
            "duplicate",
        ),
        (b"Where is my parcel? Now?", {}, "quarantined"),
        (b"Where is my parcel?", {"Subject": "Another"}, "quarantined"),
    ],
)
def test_the_same_mail_by_another_route_is_a_repetition(
    body: bytes, headers: dict[str, str], outcome: str
) -> None:
    run(mail(b"Where is my parcel?", Received="by relay1"))

    assert run_json(mail(body, **headers))["outcome"] == outcome
    assert RawIntake.objects.count() == (1 if outcome == "duplicate" else 2)
    assert Ticket.objects.count() == 1


def test_json_has_the_reason() -> None:
    assert run_json(mail(b"x", Precedence="bulk")) == {
        "outcome": "ignored",
        "ticket": None,
        "reason": "Bulk mail: Precedence: bulk",
        "intake": RawIntake.objects.get().pk,
    }


def test_a_reply_by_a_participant_is_a_message(run_jobs: Any) -> None:
    run(mail(b"The zip broke."))
    run_jobs()
    ours = outbox.outbox[0].extra_headers["Message-ID"]

    answer = mail(
        b"Any news?\r\n\r\n> We received your request", Message_ID="<2@x>", In_Reply_To=ours
    )

    ticket = Ticket.objects.get()
    assert run(answer) == f"message {ticket.number}"
    second = ticket.messages.filter(kind="inbound").last()
    assert second is not None
    assert (second.body, second.quoted) == ("Any news?", "> We received your request")


def test_a_reply_to_a_closed_case_begins_a_case_that_continues_it(run_jobs: Any) -> None:
    from tests.factories.tickets import make_customer, make_ticket_in  # noqa: PLC0415 -- heavy

    customer = make_customer(email="wang@example.com")
    closed = make_ticket_in("closed", customer=customer)
    ours = closed.mails.first().mail_id

    said = run_json(mail(b"It broke again.", Message_ID="<2@x>", In_Reply_To=ours))

    successor = Ticket.objects.exclude(pk=closed.pk).get()
    assert (said["outcome"], said["ticket"]) == ("ticket", successor.number)
    assert successor.links_out.get().target == closed


def test_shop_language_customer_and_own_order_are_found() -> None:
    shop = make_shop(support_mail="Desk@Shop.example")
    order = make_order(customer={"external_id": "C77", "name": "Wang", "email": "wang@example.com"})

    run(
        mail(
            f"我的订单{order.external_id}还没有到。".encode(),
            Content_Type="text/plain; charset=utf-8",
        )
    )

    ticket = Ticket.objects.get()
    assert (ticket.shop, ticket.language, ticket.order) == (shop, "zh-hans", order)
    assert ticket.customer == order.customer


def test_somebody_elses_order_number_links_nothing() -> None:
    order = make_order()

    run(mail(f"Refund my order {order.external_id} please".encode()))

    assert Ticket.objects.get().order is None


def test_attachments_are_kept_and_refused_ones_listed(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 100

    run(
        mixed(
            part(b"See the pictures."),
            part(b"small", "image/jpeg", Content_Disposition='attachment; filename="a.jpg"'),
            part(b"x" * 101, "image/jpeg", Content_Disposition='attachment; filename="b.jpg"'),
        )
    )

    ticket = Ticket.objects.get()
    assert [one.file_name for one in ticket.attachments.all()] == ["a.jpg"]
    assert ticket.messages.get(kind="note").body == (
        kept("未附到工单，但已随来信原件保留： / Not put on the case, but kept with what came in:")
        + "\nb.jpg: "
        + kept("文件过大（最大0 MB）。 / The file is too large (0 MB at most).")
    )


def test_a_chinese_client_is_understood() -> None:
    run(qq_reply())

    ticket = Ticket.objects.get()
    assert ticket.messages.filter(kind="inbound").get().body.startswith("屏幕还是闪，能换一台吗？")
    assert ticket.customer is not None
    assert ticket.customer.name == "王小明"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail(From=""), "No sender address."),
        (mail(From="desk@desk.example", To="x@y.example"), ""),
        (mail(b"", Subject=""), "The mail is empty."),
        (
            mail(From="support@desk.example"),
            "The sender is our own address.",
        ),
        (
            mail(From="No Reply <noreply@cloud.example>"),
            "Sent by a machine that takes no answers; it may hold confirmation links.",
        ),
    ],
)
def test_doubtful_mails_wait_for_a_person(raw: bytes, reason: str) -> None:
    said = run_json(raw)

    if reason:
        assert said["outcome"] == "quarantined"
        assert said["reason"] == reason
        assert Ticket.objects.count() == 0
    else:
        assert said["outcome"] == "ticket"


def test_a_mail_with_a_subject_alone_says_what_it_wants() -> None:
    run(mail(b"", Subject="Where is my parcel?"))

    assert Ticket.objects.get().messages.get().body == "Where is my parcel?"


def test_a_flood_from_one_sender_is_set_aside() -> None:
    said = [run_json(mail(Message_ID=f"<{number}@x>"))["outcome"] for number in range(12)]

    assert said == ["ticket"] * 10 + ["quarantined"] * 2


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(raw=st.one_of(st.binary(max_size=3000), st.binary(max_size=400).map(lambda b: mail(b))))
def test_any_bytes_have_one_outcome(raw: bytes) -> None:
    said = run_json(raw)

    row = RawIntake.objects.get(pk=said["intake"])
    assert row.outcome != O.STORED
    assert files.read(row.digest) is not None


HEADERS = ("From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(HEADERS),
    value=st.binary(max_size=300),
    body=st.binary(max_size=300),
)
def test_any_header_has_one_outcome(name: str, value: bytes, body: bytes) -> None:
    said = run_json(mail(body, **{name.replace("-", "_"): value}))

    assert RawIntake.objects.get(pk=said["intake"]).outcome != O.STORED


def receive_all(paths: list[Path]) -> Counter[str]:
    """Each mail twice: nothing raises, one outcome each, the second time a duplicate."""
    found: Counter[str] = Counter()
    ids = set()
    for path in paths:
        raw = path.read_bytes()
        first = run_json(raw)
        found[first["outcome"]] += 1
        ids.add(first["intake"])
        assert run_json(raw)["outcome"] == "duplicate", path.name
    assert not RawIntake.objects.filter(outcome=O.STORED).exists()
    assert RawIntake.objects.filter(pk__in=ids).count() == len(ids)
    failed = RawIntake.objects.filter(
        outcome=O.QUARANTINED, reason=in_each_language(UNHANDLED.__str__)
    )
    assert list(failed.values_list("external_id", "reason")) == []
    return found


def require_mails() -> None:
    if EML:
        return
    if os.environ.get("CI"):
        pytest.fail("the shared data must be there in CI")
    pytest.skip("../shared/data is not there")


def test_a_sample_of_real_mails_has_one_outcome_each() -> None:
    require_mails()

    found = receive_all(EML[::8])

    assert sum(found.values()) == len(EML[::8])
    assert found["ticket"] > 10
    assert found["ignored"] > 30


@pytest.mark.long
def test_every_real_mail_has_one_outcome() -> None:
    require_mails()

    found = receive_all(EML)

    assert sum(found.values()) == 869
