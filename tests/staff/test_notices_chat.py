"""Chat groups: against a real server that takes, refuses, redirects and says nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, NotPermitted, RuleViolated
from aftersales.kernel.failures import behind
from aftersales.kernel.refs import for_reader
from compliance.describe import describe
from compliance.models import AuditEvent, JournalEntry
from staff import chats
from staff.models import ChatTarget, NoticeDelivery, User
from staff.roles import Role
from staff.services import deliveries
from staff.services.chats import save_chat, try_chat
from staff.statuses import DeliveryStatus
from staff.sweeps import ring_unsent_notices
from tests.factories.notices import SHOUTED, make_chat, tell
from tests.factories.people import make_department, make_user
from tests.staff.chat_server import KEY, ChatService, chat_service

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], list[str]]
MINUTE = timedelta(minutes=1)
# 23:30 on the desk's clock (Asia/Shanghai).
NIGHT = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)


@pytest.fixture
def service() -> Iterator[ChatService]:
    with chat_service() as running:
        yield running


def shout(*people: User, **overrides: Any) -> None:
    tell(*people, code=SHOUTED.code, **overrides)


def test_department_chat_hears_of_a_cause_once(service: ChatService, run_jobs: RunJobs) -> None:
    first, second = make_user(), make_user()
    make_chat(service.url)
    make_chat(service.url, make_department("logistics"))

    shout(first, second, source_key="late:1", url="/admin/x/")
    shout(make_user(), source_key="late:1")
    run_jobs()

    (posted,) = service.taken
    assert posted["title"] == "T-000001 is late"
    assert posted["message"] == "Look at T-000001.\nhttp://127.0.0.1:8000/admin/x/"
    assert posted["path"] == f"/robot/{KEY}"
    assert NoticeDelivery.objects.get().status == DeliveryStatus.SENT


def test_chat_hears_nothing_that_concerns_one_person(service: ChatService) -> None:
    make_chat(service.url)

    tell(make_user())

    assert NoticeDelivery.objects.count() == 0


@pytest.mark.parametrize(
    ("chat", "urgency", "sent"),
    [
        ({"min_urgency": "urgent"}, "normal", 0),
        ({"min_urgency": "urgent"}, "urgent", 1),
        ({"min_urgency": "low"}, "low", 1),
        ({"is_active": False}, "urgent", 0),
    ],
)
def test_chat_hears_from_its_urgency_on(
    service: ChatService, run_jobs: RunJobs, chat: dict[str, Any], urgency: str, sent: int
) -> None:
    make_chat(service.url, **chat)

    shout(make_user(), urgency=urgency)
    run_jobs()

    assert len(service.taken) == sent


def test_quiet_hours_of_a_chat_delay_and_never_drop(
    service: ChatService, run_jobs: RunJobs
) -> None:
    make_chat(service.url, quiet_from=time(22), quiet_until=time(7), urgent_breaks_quiet=True)
    lead = make_user(Role.LEAD)

    with time_machine.travel(NIGHT, tick=False):
        shout(lead)
        shout(lead, urgency="urgent", params={"what": "T-000002"})
        run_jobs()
    at_night = [posted["title"] for posted in service.taken]
    with time_machine.travel(datetime(2026, 3, 5, 23, 0, tzinfo=UTC), tick=False):
        run_jobs()

    assert at_night == ["T-000002 is late"]
    assert [posted["title"] for posted in service.taken[1:]] == ["T-000001 is late"]


def test_failure_is_tried_again_with_growing_pauses_then_parked_then_sent_by_hand(
    service: ChatService, run_jobs: RunJobs
) -> None:
    service.answers = [500]
    lead = make_user(Role.LEAD)
    make_chat(service.url)
    start = now()
    pauses = []

    with time_machine.travel(start, tick=False) as clock:
        shout(lead)
        delivery = NoticeDelivery.objects.get()
        for _ in range(6):
            run_jobs()
            delivery.refresh_from_db()
            if delivery.status == DeliveryStatus.QUEUED:
                pauses.append(round((delivery.send_after - now()).total_seconds() / 60))
                clock.move_to(delivery.send_after + MINUTE)
                assert ring_unsent_notices() == 1

    assert pauses == [1, 2, 4, 8, 16]
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.PARKED, 6)
    assert "500" in delivery.error
    assert AuditEvent.objects.filter(code="staff.notice_parked").count() == 1

    service.answers = [200]
    deliveries.retry_delivery(delivery.pk, actor=lead, note="the robot is back")
    run_jobs()

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.SENT, 1)
    assert AuditEvent.objects.get(code="staff.notice_retried").note == "the robot is back"


def test_server_that_says_nothing_is_left_after_the_time(
    service: ChatService, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chats, "SECONDS", 0.2)
    service.answers = [None]
    make_chat(service.url)
    shout(make_user())

    run_jobs()

    delivery = NoticeDelivery.objects.get()
    assert (delivery.status, delivery.attempts) == (DeliveryStatus.QUEUED, 1)
    assert for_reader(delivery.error) == "The chat service did not take the message."
    assert behind(delivery.error).startswith("ChatFailed: ")


def test_abuse_77_redirect_is_not_followed(service: ChatService, run_jobs: RunJobs) -> None:
    service.answers = [302]
    make_chat(service.url)
    shout(make_user())

    run_jobs()

    assert [posted["path"] for posted in service.taken] == [f"/robot/{KEY}"]
    assert NoticeDelivery.objects.get().status == DeliveryStatus.QUEUED


def test_group_out_of_use_gets_nothing_that_waited(service: ChatService, run_jobs: RunJobs) -> None:
    chat = make_chat(service.url)
    shout(make_user())
    chat.is_active = False
    chat.save()

    run_jobs()

    assert NoticeDelivery.objects.get().status == DeliveryStatus.SKIPPED
    assert service.taken == []


# The address is a key


def test_key_is_in_no_log_no_error_and_no_page(
    service: ChatService, run_jobs: RunJobs, caplog: pytest.LogCaptureFixture
) -> None:
    service.answers = [403]
    administrator = make_user(Role.ADMINISTRATOR, department=None)
    chat = make_chat(service.url)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(administrator)

    with caplog.at_level(logging.INFO):
        shout(make_user())
        run_jobs()

    pages = [
        client.get(reverse("admin:staff_chattarget_changelist")),
        client.get(reverse("admin:staff_chattarget_change", args=[chat.pk])),
        client.get(reverse("admin:compliance_journalentry_object", args=["staff.chattarget", 1])),
        client.get(reverse("admin:staff_noticedelivery_changelist")),
    ]
    assert KEY not in caplog.text
    assert KEY not in NoticeDelivery.objects.get().error
    assert [KEY in page.content.decode() for page in pages] == [False] * 4
    entries = JournalEntry.objects.filter(table_name="staff_chattarget")
    shown = {field.label: field.new for change in describe(entries) for field in change.fields}
    assert shown["Address"] == "***"


def test_words_of_a_failure_lose_every_part_of_the_address() -> None:
    url = "slack://Ttoken01/Achannel2/Zkey%20three/?x=1"

    text = chats.without_keys("POST Ttoken01 Achannel2 Zkey three failed: hook", url)

    assert text == "POST *** *** *** failed: hook"


@pytest.mark.parametrize(
    "url",
    [
        "dingtalk://token1234567890",
        "wecombot://botkey-1234",
        "feishu://token1234",
        "lark://token1234",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "mailtos://user:secret@mail.example.com",
        "jsons://hooks.example.com/desk",
        "json://127.0.0.1:9/desk",
    ],
)
def test_address_of_a_known_service_is_allowed(url: str) -> None:
    chats.check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not an address",
        "http://hooks.example.com/desk",
        "json://hooks.example.com/desk",
        "json://localhost/desk",
        "json://127.0.0.2/desk",
        "xml://127.0.0.1/desk",
        "syslog://",
        "dbus://",
        "jsons://127.0.0.1/desk",
        "jsons://localhost/desk",
        "jsons://10.0.0.8/desk",
        "jsons://169.254.169.254/latest/",
        "jsons://database/desk",
        "jsons://db.internal/desk",
        "jsons://hooks.example.com/desk?verify=no",
        "mailto://user:secret@mail.example.com",
        "jsons://2130706433/desk",
        "jsons://[::ffff:127.0.0.1]/desk",
        "workflows://10.0.0.8:443/WORKFLOW/SIGNATURE0123456789/",
        "mailtos://user:secret@mail.example.com?smtp=10.0.0.8",
        "mailtos://user:secret@gmail.com?smtp=database",
    ],
)
def test_abuse_77_address_of_anything_else_is_refused(url: str) -> None:
    with pytest.raises(RuleViolated) as refusal:
        chats.check_address(url)

    assert (refusal.value.code, refusal.value.field) == ("chat_address", "url")


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "fe80::1%eth0"])
@pytest.mark.parametrize(
    "url",
    [
        "jsons://hooks.example.com/desk",
        "workflows://prod-01.example.com:443/WORKFLOW/SIGNATURE0123456789/",
        "mailtos://user:secret@mail.example.com",
    ],
)
def test_abuse_77_name_that_leads_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, url: str, inside: str
) -> None:
    asked: list[str] = []

    def resolve(host: str, *_args: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.215.14", 0)), (2, 1, 6, "", (inside, 0))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    chats.check_address(url)
    with pytest.raises(chats.ChatFailed, match=r"^the address is not allowed$"):
        chats.post(url, "T-000001 is late", "")

    assert asked == [url.partition("://")[2].rpartition("@")[2].partition("/")[0].partition(":")[0]]


def test_plain_http_on_this_machine_needs_the_setting(settings: Any) -> None:
    settings.CHAT_LOOPBACK = False

    with pytest.raises(RuleViolated):
        chats.check_address("json://127.0.0.1:9/desk")


# Who may


def test_only_administrators_change_chat_groups() -> None:
    chat = make_chat("jsons://hooks.example.com/desk")
    chat.label = "Other"

    for role in (Role.AGENT, Role.LEAD, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            save_chat(chat, actor=make_user(role))
        with pytest.raises(NotPermitted):
            try_chat(chat.pk, actor=make_user(role))

    assert ChatTarget.objects.get().label == "Service group"
    assert NoticeDelivery.objects.count() == 0
    assert not AuditEvent.objects.filter(code__startswith="staff.chat").exists()


def test_only_leads_of_the_department_and_administrators_send_again() -> None:
    make_chat("jsons://hooks.example.com/desk")
    shout(make_user())
    delivery = NoticeDelivery.objects.get()
    for _ in range(deliveries.MOST_ATTEMPTS):
        NoticeDelivery.objects.filter(pk=delivery.pk).update(send_after=now())
        deliveries.claim_delivery(delivery.pk, actor=make_user())
        deliveries.record_delivery_failed(delivery.pk, actor=make_user(), note="no")
    elsewhere = make_user(Role.LEAD, department=make_department("logistics"))

    for actor, refusal in (
        (make_user(), NotPermitted),
        (make_user(Role.AUDITOR, department=None), NotPermitted),
        (elsewhere, NoticeDelivery.DoesNotExist),
    ):
        with pytest.raises(refusal):
            deliveries.retry_delivery(delivery.pk, actor=actor)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.PARKED

    deliveries.retry_delivery(delivery.pk, actor=make_user(Role.LEAD))

    with pytest.raises(InvalidTransition):
        deliveries.retry_delivery(delivery.pk, actor=make_user(Role.LEAD))
