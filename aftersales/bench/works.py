"""What is measured: each kind of work as requests, as plain SQL, and with its bound."""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from django.db import connection

from aftersales.bench.fill import RARE_WORD
from aftersales.bench.load import Call

QUEUE: Final = "/admin/tickets/ticket/"
API: Final = "/api/v1/tickets/"
COLUMNS: Final = (
    "id, number, subject, status, priority, due_at, updated_at, assignee_id, customer_id"
)
UNDER_WAY: Final = "status IN ('new', 'open', 'pending', 'on_hold')"
BODY: Final = "Thank you. We have checked the order and send a replacement today."


@dataclass(frozen=True, slots=True)
class Bound:
    """Numbers of design.md section 8; zero means none."""

    p95_ms: float
    queries: int = 0
    per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Work:
    """One row of the table. `plain` is the same work as bare statements, rolled back afterwards."""

    name: str
    make: Callable[[int], Call]
    bound: Bound
    plain: tuple[tuple[str, tuple[Any, ...]], ...] = ()


LIST: Final = Bound(60, 15, 60)
SEARCH: Final = Bound(80)


@dataclass(slots=True)
class Samples:
    """Values of the database that requests name."""

    open_numbers: list[str]
    numbers: list[str]
    order_number: str
    serial_number: str
    department: int
    agent: int
    run: str

    @classmethod
    def draw(cls, username: str) -> Samples:
        with connection.cursor() as db:
            db.execute("SELECT id, department_id FROM staff_user WHERE username = %s", [username])
            agent, department = db.fetchone()
            statement = "SELECT number FROM tickets_ticket WHERE department_id = %s"
            db.execute(f"{statement} AND {UNDER_WAY} ORDER BY id DESC LIMIT 2000", [department])
            open_numbers = [number for (number,) in db.fetchall()]
            db.execute(f"{statement} ORDER BY id DESC LIMIT 5000", [department])
            numbers = [number for (number,) in db.fetchall()]
            db.execute(
                "SELECT o.external_id, l.serial_number FROM customers_order o "
                "JOIN customers_orderline l ON l.order_id = o.id "
                "JOIN tickets_ticket t ON t.order_id = o.id AND t.department_id = %s "
                "WHERE l.serial_number <> '' ORDER BY t.id DESC LIMIT 1",
                [department],
            )
            order, serial = db.fetchone()
            db.execute("SELECT extract(epoch FROM clock_timestamp())::bigint")
            run = str(db.fetchone()[0])
        rng = Random(1)  # noqa: S311 -- picks what to measure
        rng.shuffle(open_numbers)
        rng.shuffle(numbers)
        return cls(open_numbers, numbers, order, serial, department, agent, run)


def page(**params: str) -> Callable[[int], Call]:
    path = f"{QUEUE}?{urlencode(params)}"
    return lambda _number: Call(path)


def searches(samples: Samples) -> list[Work]:
    """Rare and common, in letters and characters, by number."""
    asked = (
        ("search, rare word", RARE_WORD, (f"'{RARE_WORD}'",)),
        ("search, common word", "refund", ("'refund'",)),
        ("search, two Chinese characters", "退款", ("'退款'",)),
        ("search, Chinese phrase", "怎么还没消息", ("'怎么' & '么还' & '还没' & '没消' & '消息'",)),
        ("search, order number", samples.order_number, (f"'{samples.order_number.lower()}'",)),
        ("search, serial number", samples.serial_number, ()),
    )
    plain = (
        f"WITH hit AS MATERIALIZED (SELECT ticket_id FROM tickets_ticketsearch "
        f"WHERE vector @@ %s::tsquery LIMIT 1001) SELECT {COLUMNS} FROM tickets_ticket "
        "WHERE id IN (SELECT ticket_id FROM hit) ORDER BY updated_at DESC, id DESC LIMIT 26"
    )
    return [
        Work(name, page(q=text), SEARCH, ((plain, query),) if query else ())
        for name, text, query in asked
    ]


def lists(samples: Samples) -> list[Work]:
    head = f"SELECT {COLUMNS} FROM tickets_ticket WHERE department_id = %s"
    by_due = f"{head} AND {UNDER_WAY} ORDER BY due_at, id LIMIT 26"
    newest = f"{head} ORDER BY updated_at DESC, id DESC LIMIT 26"
    mine = (samples.department,)
    return [
        Work(
            "queue, unfinished by due",
            page(status="unfinished", sort="due"),
            LIST,
            ((by_due, mine),),
        ),
        Work("queue, any status by activity", page(status="any"), LIST, ((newest, mine),)),
        Work("queue, assigned to me", page(assignee="me", status="unfinished"), LIST),
        Work("queue, priority high", page(priority="high", status="unfinished"), LIST),
        Work("queue, closed", page(status="closed"), LIST),
        Work("queue, tag", page(tag="vip", status="any"), LIST),
        Work("queue, late", page(status="unfinished", late="1"), LIST),
    ]


def cases(samples: Samples) -> list[Work]:
    number = samples.numbers[0]
    one = "(SELECT id FROM tickets_ticket WHERE number = %s)"
    plain = (
        ("SELECT * FROM tickets_ticket WHERE number = %s", (number,)),
        (f"SELECT * FROM tickets_message WHERE ticket_id = {one} ORDER BY created_at", (number,)),
        (f"SELECT * FROM compliance_auditevent WHERE case_id = {one} ORDER BY id", (number,)),
    )

    def open_case(index: int) -> Call:
        return Call(f"{QUEUE}{samples.numbers[index % len(samples.numbers)]}/change/")

    return [Work("case page", open_case, Bound(60, 15), plain)]


def writes(samples: Samples) -> list[Work]:
    """Each request writes to another case or another number, so nothing is a repetition."""
    counter = count()
    targets = samples.open_numbers

    def post(path: str, **fields: Any) -> Call:
        return Call(path, json.dumps(fields).encode())

    def reply(_index: int) -> Call:
        return post(f"{API}{targets[next(counter) % len(targets)]}/reply/", body=BODY)

    def save(_index: int) -> Call:
        number = next(counter)
        path = f"{API}{targets[number % len(targets)]}/details/"
        return post(path, subject=f"Jacket arrived torn ({samples.run}-{number})")

    def intake(_index: int) -> Call:
        key = f"bench-{samples.run}-{next(counter)}"
        mail = {"email": f"{key}@example.com", "name": "Ann Other"}
        return post(API, subject="Jacket arrived torn", body=BODY, external_id=key, customer=mail)

    return [
        Work("reply", reply, Bound(20, 0, 180), plain_reply(samples)),
        Work("intake by API", intake, Bound(25, 0, 180), plain_intake(samples)),
        Work("save with history", save, Bound(0), plain_reply(samples)[:2]),
    ]


def plain_reply(samples: Samples) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Lock, change, message: what a reply is without us; the journal's triggers fire here, too."""
    with connection.cursor() as db:
        number = samples.open_numbers[0]
        db.execute("SELECT id FROM tickets_ticket WHERE number = %s", [number])
        (ticket,) = db.fetchone()
    return (
        ("SELECT id FROM tickets_ticket WHERE id = %s FOR UPDATE", (ticket,)),
        ("UPDATE tickets_ticket SET updated_at = now() WHERE id = %s", (ticket,)),
        (
            "INSERT INTO tickets_message (ticket_id, kind, channel, author_name, body, quoted, "
            "is_automatic, created_at, effective_at, hidden_reason) "
            "VALUES (%s, 'outbound', 'mail', 'x', %s, '', false, now(), now(), '')",
            (ticket, BODY),
        ),
    )


def plain_intake(samples: Samples) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """A copy of a case under another number, and its message."""
    lock, _update, message = plain_reply(samples)
    with connection.cursor() as db:
        db.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
            "WHERE table_name = 'tickets_ticket' AND table_schema = current_schema() "
            "AND column_name NOT IN ('id', 'number', 'external_id')"
        )
        (columns,) = db.fetchone()
    copied = (
        f"INSERT INTO tickets_ticket (number, external_id, {columns}) "
        f"SELECT 'B-' || (random() * 1e9)::bigint, '', {columns} FROM tickets_ticket WHERE id = %s"
    )
    return ((copied, (lock[1][0],)), message)


def homes(samples: Samples) -> list[Work]:
    statement = f"SELECT count(*) FROM tickets_ticket WHERE department_id = %s AND {UNDER_WAY}"
    return [
        Work(
            "dashboard",
            lambda _: Call("/admin/"),
            Bound(100),
            ((statement, (samples.department,)),),
        )
    ]


def trails() -> list[Work]:
    """What the auditor reads."""
    newest = ("SELECT * FROM compliance_journalentry ORDER BY id DESC LIMIT 50", ())
    path = "/admin/compliance/journalentry/"
    return [
        Work("change browser", lambda _: Call(path), Bound(150), (newest,)),
        Work("change browser, by person", lambda _: Call(f"{path}?person=ruolin.fang"), Bound(150)),
    ]
