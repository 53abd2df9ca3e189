"""Notices, chat groups and findings, as plain functions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from aftersales.kernel.refs import Ref
from compliance.models import Finding
from compliance.services import NewFinding, open_finding
from staff import notice_types
from staff.models import ChatTarget, Department, Notice, NoticePreference, User
from staff.notice_types import NoticeType
from staff.services import system_actor
from staff.services.notices import NewNotice, notify
from tests.factories.people import make_department

_serial = count(1)
TOLD = NoticeType("tests.told", "About %(what)s", "%(what)s needs you.")
SHOUTED = NoticeType("tests.shouted", "%(what)s is late", "Look at %(what)s.", is_for_chat=True)
notice_types.register([TOLD, SHOUTED])


def new_notice(**overrides: Any) -> NewNotice:
    """Something to tell, of a cause of its own unless said otherwise."""
    values: dict[str, Any] = {
        "code": TOLD.code,
        "source_key": f"test:{next(_serial)}",
        "url": "/admin/",
        "params": {"what": "T-000001"},
    } | overrides
    return NewNotice(**values)


def tell(*people: User, **overrides: Any) -> list[Notice]:
    return notify(people, new_notice(**overrides), actor=system_actor())


def make_wishes(user: User, **overrides: Any) -> NoticePreference:
    wishes = NoticePreference(user=user, **overrides)
    wishes.save()
    return wishes


def make_chat(url: str, department: Department | None = None, **overrides: Any) -> ChatTarget:
    """A chat group that speaks English, of the service department unless said otherwise."""
    values = {"label": "Service group", "language": "en"} | overrides
    chat = ChatTarget(department=department or make_department(), url=url, **values)
    chat.save()
    return chat


def make_finding(owner: User | None = None, subject_id: int = 7, **overrides: Any) -> Finding:
    """A promise of T-000007 was missed."""
    values: dict[str, Any] = {
        "code": "clocks.late",
        "severity": "high",
        "title": "First response",
        "evidence": {"late_minutes": 12},
        "owner": owner,
    } | overrides
    subject = Ref("tickets.ticket", subject_id, f"T-{subject_id:06}")
    return open_finding(subject, NewFinding(**values), actor=system_actor())


def put_away(notices: Iterable[Notice]) -> None:
    """Mark as read without the service."""
    for notice in notices:
        notice.read_at = notice.created_at
        notice.save(update_fields=["read_at"])
