"""Abuse by mail, one named test per case of the programme (reliability, section 9, 21 to 41)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import translation

from aftersales.kernel.clock import now
from aftersales.kernel.refs import for_reader
from compliance.models import AuditEvent
from customers.models import ContactPoint, Customer
from staff.roles import Role
from staff.services import system_actor
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tests.kept import kept
from tests.tickets.mails import mail, mixed, part
from tests.tickets.test_intake_door import deliver
from tickets.links import new_mail_id
from tickets.models import OutboundMail, RawIntake, Ticket
from tickets.services.conversation import reply
from tickets.statuses import IntakeOutcome as O

pytestmark = pytest.mark.django_db
VICTIM = "wang@example.com"


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


@pytest.fixture
def case() -> Ticket:
    """A case of the customer whose address mails here come from."""
    return make_ticket(customer=make_customer(email=VICTIM))


def our_id(case: Ticket) -> str:
    return new_mail_id(case.pk)


def said_on(case: Ticket) -> int:
    return case.messages.count()


def assert_new_case_claiming(case: Ticket, receipt: Any) -> None:
    assert receipt.outcome == O.TICKET
    assert receipt.ticket != case
    told = kept(f"自称与{case.number}有关。 / Claims to concern {case.number}.")
    assert receipt.reason == told
    note = receipt.ticket.messages.get(kind="note")
    assert note.body == kept(
        f"发件人称与{case.number}有关，但未经证实：请对比两者，属实则关联。 / "
        f"The sender claims that this concerns {case.number}."
        " That is not proven: compare both and link them if it is true."
    )
    assert said_on(case) == 1
    assert not case.links_in.exists()


def test_abuse_21_a_case_number_in_the_subject_joins_nothing(case: Ticket) -> None:
    stranger = deliver(mail(From="eve@evil.example", Subject=f"Re: [{case.number}] refund"))
    assert_new_case_claiming(case, stranger)

    own = deliver(mail(Message_ID="<2@x>", Subject=f"Re: {case.number}"))
    assert_new_case_claiming(case, own)


def test_abuse_22_a_spoofed_customer_without_our_id_joins_nothing(case: Ticket) -> None:
    receipt = deliver(mail(b"Send it to my new address.", From=VICTIM))

    assert receipt.outcome == O.TICKET
    assert receipt.ticket != case
    assert said_on(case) == 1


def test_abuse_23_a_spoofed_agent_is_nobody_of_ours(case: Ticket) -> None:
    agent = make_user(email="agent@shop.example")
    before = OutboundMail.objects.count()

    receipt = deliver(mail(b"Refund approved.", From=agent.email, In_Reply_To=our_id(case)))

    assert_new_case_claiming(case, receipt)
    first = receipt.ticket.messages.get(kind="inbound")
    assert (first.author, receipt.ticket.assignee) == (None, None)
    assert OutboundMail.objects.count() == before


@pytest.mark.parametrize(
    "forge",
    [
        lambda case: f"<desk.{case.pk}.aaaaaaaaaaaa.{'0' * 20}@desk.example>",
        lambda case: our_id(case).replace(f"desk.{case.pk}.", f"desk.{case.pk + 1}."),
        lambda case: f"<{case.number}@desk.example>",
        lambda case: f"<desk.{'9' * 200}.aaaaaaaaaaaa.{'0' * 20}@desk.example>",
    ],
)
def test_abuse_24_25_a_forged_or_legacy_id_joins_nothing(case: Ticket, forge: Any) -> None:
    receipt = deliver(mail(b"hello there", In_Reply_To=forge(case), References=forge(case)))

    assert receipt.outcome == O.TICKET
    assert receipt.ticket != case
    assert said_on(case) == 1


@pytest.mark.parametrize(
    "message_id", ["", b"<a\x00b@x>", "<" + "a" * 10_240 + "@x>", "no brackets here"]
)
def test_abuse_27_an_odd_message_id_is_taken_once(message_id: str | bytes) -> None:
    raw = mail(Message_ID=message_id)

    assert deliver(raw).outcome == O.TICKET
    assert deliver(raw).outcome == O.DUPLICATE
    assert Ticket.objects.count() == 1
    assert "\x00" not in RawIntake.objects.get().external_id


def test_abuse_28_a_vacation_notice_stands_on_its_case_and_wakes_nobody(run_jobs: Any) -> None:
    case = make_ticket_in("pending", customer=make_customer(email=VICTIM))
    run_jobs()
    sent = len(outbox.outbox)

    notice = {"Auto_Submitted": "auto-replied", "Subject": "Out of office"}
    threaded = deliver(mail(b"I am away.", In_Reply_To=our_id(case), **notice))
    loose = deliver(mail(b"I am away.", Message_ID="<2@x>", **notice))
    run_jobs()

    assert (threaded.outcome, loose.outcome) == (O.MESSAGE, O.IGNORED)
    case.refresh_from_db()
    assert case.status == "pending"
    assert case.messages.get(is_automatic=True).body == "I am away."
    assert len(outbox.outbox) == sent


def bounce_of(mail_id: str) -> bytes:
    return mixed(
        part(b"The mailbox wang@example.com does not exist, call 13812345678."),
        part(b"Status: 5.1.1", "message/delivery-status"),
        part(f"Message-ID: {mail_id}\r\nSubject: x\r\n\r\nhello".encode(), "message/rfc822"),
        kind="report; report-type=delivery-status",
        From="MAILER-DAEMON@mx.example",
        Return_Path="<>",
        Subject="Undelivered Mail Returned to Sender",
    )


def test_abuse_29_a_bounce_is_written_on_case_and_mail_and_not_answered(
    case: Ticket, run_jobs: Any
) -> None:
    reply(case.pk, actor=make_user(), body="We look into it.")
    ours = case.mails.get()

    receipt = deliver(bounce_of(ours.mail_id))

    assert (receipt.outcome, receipt.ticket) == (O.IGNORED, case)
    assert receipt.reason == kept("我们发给此工单的邮件被退回。 / Our mail to this case came back.")
    event = AuditEvent.objects.get(code="tickets.mail_bounced")
    assert (event.case_id, event.actor_id) == (case.pk, system_actor().pk)
    ours.refresh_from_db()
    said = "The mailbox w***@example.com does not exist, call 138****5678."
    assert (event.note, ours.last_error) == (said, f"{kept('退信： / Came back:')} {said}")
    assert ours.history.latest().history_change_reason == said
    other = deliver(bounce_of("<other@x>").replace(b"<one@", b"<two@"))
    with translation.override("zh-hans"):
        assert for_reader(other.reason).startswith("退信，并非我们发出的邮件：")
    assert run_jobs() == []


def test_abuse_30_two_desks_stop_answering_each_other(run_jobs: Any) -> None:
    """The other desk marks nothing and opens a case of its own for each mail of ours."""
    other, answered, rounds = "support@other.example", 0, 0
    deliver(mail(From=other, Message_ID="<start@other>"))
    run_jobs()

    while answered < len(outbox.outbox) and rounds < 100:
        rounds += 1
        answered += 1
        deliver(mail(b"We received your request.", From=other, Message_ID=f"<{rounds}@other>"))
        run_jobs()

    assert rounds == 5
    assert all(sent.extra_headers["Auto-Submitted"] for sent in outbox.outbox)


def test_abuse_30_threaded_answers_of_another_desk_get_no_mail(run_jobs: Any) -> None:
    deliver(mail(From="support@other.example"))
    run_jobs()
    (ours,) = outbox.outbox

    for number in range(80):
        deliver(
            mail(
                b"We received your request.",
                From="support@other.example",
                Message_ID=f"<{number}@other>",
                In_Reply_To=ours.extra_headers["Message-ID"],
            )
        )
    run_jobs()

    assert len(outbox.outbox) == 1
    assert Ticket.objects.get().messages.count() == 60
    assert RawIntake.objects.filter(outcome=O.QUARANTINED).count() == 21


def test_abuse_30_our_own_mail_coming_back_is_ignored() -> None:
    receipt = deliver(mail(X_Desk_Loop="desk.example"))

    assert (receipt.outcome, receipt.reason) == (
        O.IGNORED,
        kept("我们自己的邮件： X-Desk-Loop: present / Our own mail: X-Desk-Loop: present"),
    )


@pytest.mark.parametrize("ours", ["support@desk.example", "Jackets <support@desk.example>"])
def test_abuse_31_our_own_address_is_never_a_customer(settings: Any, ours: str) -> None:
    settings.DEFAULT_FROM_EMAIL = ours

    receipt = deliver(mail(From="Desk <SUPPORT@desk.example>"))

    assert receipt.outcome == O.QUARANTINED
    assert ContactPoint.objects.count() == 0


def test_abuse_32_a_relayed_mail_carries_none_of_the_attackers_words(run_jobs: Any) -> None:
    words = "BUY NOW http://evil.example"
    for number in range(12):
        deliver(
            mail(
                words.encode(),
                Subject=words,
                From=f'"{words}" <{VICTIM}>',
                Message_ID=f"<{number}@x>",
            )
        )
    run_jobs()

    assert 1 <= len(outbox.outbox) <= 5
    for sent in outbox.outbox:
        assert "BUY" not in sent.subject + sent.body
        assert "evil" not in sent.subject + sent.body
        assert sent.to == [VICTIM]


def test_abuse_33_a_bomb_of_copies_waits_for_a_person() -> None:
    copies = ", ".join(f"p{number}@example.com" for number in range(500))

    receipt = deliver(mail(Cc=copies))

    assert receipt.outcome == O.QUARANTINED
    assert receipt.reason == kept("同时发送给501人。 / Sent to 501 people at once.")
    assert Customer.objects.count() == 0


def test_abuse_34_a_verification_mail_is_seen_in_quarantine_only() -> None:
    receipt = deliver(
        mail(b"Click https://chat.example/confirm", From="no-reply@chat.example", Subject="Confirm")
    )

    assert receipt.outcome == O.QUARANTINED
    assert Ticket.objects.count() == 0


def test_abuse_35_a_huge_mail_is_kept_unread(settings: Any) -> None:
    settings.MAIL_MAX_BYTES = 1024 * 1024
    raw = mail(b"x" * (1024 * 1024), Subject="big")

    receipt = deliver(raw)

    assert (receipt.outcome, receipt.reason) == (
        O.QUARANTINED,
        kept("超过1 MB。 / Larger than 1 MB."),
    )
    assert (receipt.intake.size, receipt.intake.subject) == (len(raw), "big")


def test_abuse_35_a_thousand_parts_make_one_case_with_fifty_files() -> None:
    parts = [
        part(
            b"%d" % number, "image/png", Content_Disposition=f'attachment; filename="{number}.png"'
        )
        for number in range(1000)
    ]

    receipt = deliver(mixed(part(b"See attached."), *parts))

    assert receipt.outcome == O.TICKET
    assert receipt.ticket.attachments.count() == 50
    assert "too many files" in receipt.ticket.messages.get(kind="note").body


def test_abuse_35_two_hundred_levels_have_one_outcome() -> None:
    inner = part(b"deep")
    for level in range(200):
        inner = mixed(inner, boundary=f"b{level}").split(b"\r\n\r\n", 1)[1]
        inner = part(inner, f'multipart/mixed; boundary="b{level}"')

    receipt = deliver(mail(inner, Content_Type='multipart/mixed; boundary="none"'))

    assert receipt.outcome in (O.TICKET, O.QUARANTINED)


@pytest.mark.parametrize(
    ("raw", "charset", "shown"),
    [
        ("朱镕基的订单".encode("gb18030"), "gb2312", "朱镕基的订单"),
        ("订单没到".encode(), "fakescii", "订单没到"),
        ("Gr\u00fc\u00dfe aus Wien".encode("latin-1"), "iso-8859-1", "Grüße aus Wien"),
    ],
)
def test_abuse_36_mislabelled_text_is_read(raw: bytes, charset: str, shown: str) -> None:
    receipt = deliver(mail(raw, Content_Type=f"text/plain; charset={charset}"))

    assert receipt.ticket.messages.get(kind="inbound").body == shown


def test_abuse_37_a_display_name_injects_no_header(run_jobs: Any) -> None:
    raw = mail(From="=?utf-8?q?Eve=0D=0ABcc:_all@example.com=0D=0A?= <eve@evil.example>")

    receipt = deliver(raw)
    run_jobs()

    assert receipt.outcome == O.TICKET
    (sent,) = outbox.outbox
    assert sent.to == ["eve@evil.example"]
    assert sent.bcc == []
    assert "\n" not in receipt.ticket.messages.get(kind="inbound").author_name


def test_abuse_38_hidden_text_and_remote_pictures_are_not_shown() -> None:
    html = b'<p>Hello, it broke.</p><img src="https://track.example/p.gif"><script>x()</script>'

    receipt = deliver(mail(html, Content_Type="text/html"))

    body = receipt.ticket.messages.get(kind="inbound").body
    assert body.strip() == "Hello, it broke."


def test_abuse_39_a_calendar_part_is_a_file() -> None:
    receipt = deliver(
        mixed(
            part(b"Please come."),
            part(
                b"BEGIN:VCALENDAR",
                "text/calendar",
                Content_Disposition='attachment; filename="i.ics"',
            ),
        )
    )

    assert [one.file_name for one in receipt.ticket.attachments.all()] == ["i.ics"]


def test_abuse_40_an_agent_who_left_answers_as_nobody(case: Ticket) -> None:
    agent = make_user(Role.AGENT, email="left@shop.example")
    agent.is_active = False
    agent.save()

    receipt = deliver(mail(b"Closing.", From=agent.email, References=our_id(case)))

    assert_new_case_claiming(case, receipt)


def test_abuse_41_a_reply_from_a_new_address_hijacks_nothing(case: Ticket) -> None:
    receipt = deliver(
        mail(b"Refund to this account.", From="eve@evil.example", In_Reply_To=our_id(case))
    )

    assert_new_case_claiming(case, receipt)
    assert receipt.ticket.customer != case.customer
    assert not ContactPoint.objects.filter(
        customer=case.customer, address="eve@evil.example"
    ).exists()
    assert case.updated_at <= now()
