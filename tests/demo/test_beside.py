"""Processes that invent beside the one that writes."""

from __future__ import annotations

import os
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.db import connection

from aftersales.demo.beside import InventingFailed, Send, beside
from staff.models import User


def test_everything_sent_arrives_in_the_order_of_its_lane() -> None:
    def count(lane: int, send: Send) -> None:
        for number in range(3):
            send(number * 10 + lane)

    with closing(beside(count, 2)) as heard:
        pairs = list(heard)

    assert [thing for lane, thing in pairs if lane == 0] == [0, 10, 20]
    assert [thing for lane, thing in pairs if lane == 1] == [1, 11, 21]


def test_a_lane_has_no_database_and_leaves_the_session_alone(db: None) -> None:
    def ask(_lane: int, send: Send) -> None:
        send(User.objects.count())

    session = connection.connection.info.backend_pid
    with pytest.raises(InventingFailed, match="ImproperlyConfigured"):
        list(beside(ask, 2))

    assert User.objects.filter(username="nobody").count() == 0
    assert connection.connection.info.backend_pid == session


def test_a_killed_lane_ends_the_work_and_the_others() -> None:
    def live(lane: int, send: Send) -> None:
        send(os.getpid())
        if lane == 0:
            os.kill(os.getpid(), 9)
        time.sleep(60)

    pids = []
    with pytest.raises(InventingFailed, match="killed"), closing(beside(live, 2)) as heard:
        pids += [pid for _lane, pid in heard]

    assert len(pids) <= 2
    assert not still_running(pids)


def test_whoever_stops_listening_ends_every_lane() -> None:
    def live(_lane: int, send: Send) -> None:
        send(os.getpid())
        time.sleep(60)

    with closing(beside(live, 2)) as heard:
        pids = [next(heard)[1], next(heard)[1]]

    assert len(set(pids)) == 2
    assert not still_running(pids)


def still_running(pids: list[int]) -> list[int]:
    found = []
    for pid in pids:
        with suppress(OSError):
            if " Z " not in Path(f"/proc/{pid}/stat").read_text():
                found.append(pid)
    return found
