"""A million cases by COPY: three messages each, orders, history, journal, events, promises."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from aftersales.bench.place import note_size
from aftersales.demo.beside import Send, beside
from aftersales.demo.catalog import SHOPS
from aftersales.demo.chronicle import Chronicle
from aftersales.demo.ground import GROUND_MODELS, LANGUAGES, Ground, by, lay_ground
from aftersales.demo.indexes import table_names, without_indexes
from aftersales.demo.loads import write_loads
from aftersales.demo.logins import PASSWORD
from aftersales.demo.market import MARKET_MODELS, Market, Purchase
from aftersales.demo.rows import Batch, Row, Stamp, garbage_kept, resting_triggers
from aftersales.demo.seed import draw_number, keep_number
from aftersales.demo.stories import Story, tell
from aftersales.kernel.clock import now
from aftersales.kernel.context import Source
from clocks import rulebook
from clocks.models import Clock
from clocks.statuses import ClockState
from compliance.models import AuditEvent, JournalEntry
from staff.services import system_actor
from tickets.models import Message, Ticket, TicketSearch
from tickets.search import quote, tokens

YEARS: Final = 3
PORTION: Final = 5_000
STORIES: Final = 3_000
# Share of cases that are still under way, all among the newest.
UNFINISHED: Final = 0.05
# Once in so many cases, so that a search has something rare to find.
RARE_WORD, RARE_EVERY = "quokka", 20_000
UNDER_WAY: Final = ("open", "open", "open", "pending", "pending", "on_hold", "new")
CASE: Final = "tickets.ticket"
# How much later than the case itself each promise is due.
PROMISES: Final = {"first_response": timedelta(0), "resolution": timedelta(days=2)}
CHANNELS: Final = ("mail", "chat", "phone", "web", "api", "wechat")


class Filler:
    """Writes cases that differ in all that lists, searches and filters look at."""

    def __init__(self, size: int, seed: int = 7) -> None:
        self.size = size
        self.rng = Random(seed)  # noqa: S311 -- invents rows to measure with
        machine = system_actor()
        self.end = now().replace(microsecond=0)
        self.start = self.end - timedelta(days=365 * YEARS)
        self.batch = Batch(*GROUND_MODELS, *MARKET_MODELS, Ticket, Message)
        self.batch.add_table(TicketSearch)
        self.batch.add_table(AuditEvent, is_numbered=False)
        self.batch.add_table(Clock, is_numbered=False)
        self.pen = Chronicle(self.batch, self.rng)
        password = make_password(PASSWORD)
        self.ground: Ground = lay_ground(self.batch, self.rng, machine, self.start, password)
        self.market = Market(self.pen, self.ground)
        self.number = draw_number()
        self.stories: list[tuple[Story, str]] = []
        self.purchases: list[Purchase] = []
        alternatives = rulebook.current().alternatives
        self.rules = {promise: alternatives[CASE, promise][-1].row.pk for promise in PROMISES}

    def fill(self, on_portion: Callable[[int], object]) -> None:
        """Everything in portions, oldest first."""
        with closing(beside(self.invent, 1)) as heard:
            for _lane, (cases, loads) in heard:
                write_loads(loads)
                on_portion(cases)
        keep_number(self.number + self.size)

    def invent(self, _lane: int, send: Send) -> None:
        """Tell of every case, in a process of its own."""
        step = (self.end - self.start) / (self.size + 1)
        for index in range(self.size):
            self.case(index, self.start + step * index)
            if (index + 1) % PORTION == 0 or index + 1 == self.size:
                send((index % PORTION + 1, self.batch.take()))

    def story(self) -> tuple[Story, str]:
        """A story with the words that find it; told anew until there are enough to vary."""
        if len(self.stories) < STORIES:
            purchase = self.purchases[-1]
            story = tell(
                self.rng, purchase.shop.language, purchase.product,
                purchase.order["external_id"], purchase.tracking_number, purchase.person.name,
            )  # fmt: skip
            texts = (story.subject, story.first_message, story.result_told, story.thanks)
            found = dict.fromkeys(token for text in texts for token in tokens(text))
            self.stories.append((story, " ".join(f"'{quote(token)}'" for token in found)))
            return self.stories[-1]
        return self.rng.choice(self.stories)

    def case(self, index: int, at: datetime) -> None:
        rng = self.rng
        if index % 10 < 3:  # an order for three of ten cases, and each customer has several
            shop = SHOPS[index % len(SHOPS)]
            bought = at - timedelta(days=rng.uniform(4, 20))
            self.purchases.append(self.market.buy(shop, bought, is_shipped=True, until=at))
            self.purchases = self.purchases[-50:]
        purchase = rng.choice(self.purchases[-20:])
        story, vector = self.story()
        is_open = index > self.size * (1 - UNFINISHED) and rng.random() < 0.9
        ticket = self.ticket(index, at, purchase, story, is_open=is_open)
        words = [ticket["number"].lower(), purchase.order["external_id"].lower()]
        words += [purchase.tracking_number.lower(), *tokens(purchase.person.name)]
        if index % RARE_EVERY == RARE_EVERY // 2:
            words.append(RARE_WORD)
        extra = " ".join(f"'{quote(word)}'" for word in words if word)
        self.batch[TicketSearch].add({"ticket_id": ticket["id"], "vector": f"{vector} {extra}"})

    def ticket(
        self, index: int, at: datetime, purchase: Purchase, story: Story, *, is_open: bool
    ) -> Row:
        """The case, its three messages and its events."""
        rng, ground = self.rng, self.ground
        department = ground.department_of(story.category)
        agent = ground.agent(rng, department)
        received = by(ground.system, Source.MAIL, at)
        values = self.values(index, at, purchase, story)
        values["department_id"] = ground.departments[department]["id"]
        ticket = self.pen.add(Ticket, values, received)
        self.number += 1
        told = by(agent, Source.ADMIN, at + timedelta(hours=5))
        thanked = by(ground.system, Source.MAIL, at + timedelta(hours=7))
        self.say(ticket, "inbound", story.first_message, received, purchase.person.name)
        self.say(ticket, "outbound", story.result_told, told, agent["display_name"], agent["id"])
        self.say(ticket, "inbound", story.thanks, thanked, purchase.person.name)
        self.pen.change(Ticket, ticket, self.outcome(agent, told.at, is_open=is_open), told)
        self.promise(ticket, at, told.at)
        self.log("tickets.received", ticket, received)
        self.log("tickets.resolved" if not is_open else "tickets.assigned", ticket, told)
        return ticket

    def values(self, index: int, at: datetime, purchase: Purchase, story: Story) -> Row:
        """The case as it arrives."""
        rng, ground = self.rng, self.ground
        is_rare = index % RARE_EVERY == RARE_EVERY // 2
        return {
            "number": f"T-{self.number:06d}",
            "subject": f"{story.subject} {RARE_WORD}" if is_rare else story.subject,
            "kind": story.kind,
            "category_id": ground.categories[story.category]["id"],
            "channel": rng.choice(CHANNELS),
            "priority": story.priority,
            "customer_id": purchase.customer["id"],
            "order_id": purchase.order["id"],
            "shop_id": purchase.customer["shop_id"],
            "language": LANGUAGES[story.language],
            "created_by_id": ground.system["id"],
            "due_at": at + timedelta(days=1),
            "received_at": at,
            "updated_at": at,
            "last_inbound_at": at,
            "routed_at": at,
            "tags": [rng.choice(("vip", "返修", "物流异常"))] if rng.random() < 0.1 else [],
        }

    def promise(self, ticket: Row, start: datetime, ended: datetime) -> None:
        """Two clocks that run for what is under way, the nearer one due with the case; else kept.

        They are read, not counted anew, so they name no event.
        """
        due = ticket["due_at"] or start + timedelta(days=1)
        for promise, later in PROMISES.items():
            values = {
                "rule_id": self.rules[promise],
                "promise": promise,
                "subject_type": CASE,
                "subject_id": ticket["id"],
                "subject_label": ticket["number"],
                "case_id": ticket["id"],
                "case_label": ticket["number"],
                "started_at": start,
                "started_event": 0,
                "due_at": due + later,
            }
            self.batch[Clock].add(values | self.standing(ticket, due + later, ended))

    def standing(self, ticket: Row, due: datetime, ended: datetime) -> Row:
        if ticket["status"] == "closed":
            return {"state": ClockState.MET.value, "stopped_at": ended, "stopped_event": 0}
        if due <= self.end:
            return {"state": ClockState.BREACHED.value, "breached_at": due}
        return {"state": ClockState.RUNNING.value, "next_step_at": due}

    def outcome(self, agent: Row, at: datetime, *, is_open: bool) -> Row:
        values: Row = {
            "assignee_id": agent["id"] if self.rng.random() < 0.9 else None,
            "acknowledged_at": at,
            "assessed_at": at,
            "updated_at": at,
            "first_response_at": at,
        }
        if is_open:
            due = self.end + timedelta(hours=self.rng.uniform(-24, 48))
            return values | {"status": self.rng.choice(UNDER_WAY), "due_at": due}
        ended = {"result_told_at": at, "resolved_at": at, "closed_at": at, "due_at": None}
        return values | ended | {"status": "closed"}

    def say(
        self, ticket: Row, kind: str, text: str, by_: Stamp, name: str, author: int | None = None
    ) -> None:
        values = {
            "ticket_id": ticket["id"],
            "kind": kind,
            "channel": ticket["channel"],
            "body": text,
        }
        times = {"created_at": by_.at, "effective_at": by_.at}
        self.pen.add(Message, values | times | {"author_name": name, "author_id": author}, by_)

    def log(self, code: str, ticket: Row, by_: Stamp) -> None:
        self.pen.event(code, (Ticket, ticket, ticket["number"]), by_, case=ticket)


def fill(size: int, on_portion: Callable[[int], object]) -> None:
    """Fill an empty database in one transaction, then gather statistics."""
    with transaction.atomic():
        filler = Filler(size)
        audited: Any = [*filler.batch.tables, JournalEntry]
        tables, batch = table_names(audited), filler.batch
        with (
            without_indexes(tables),
            resting_triggers(batch.tables),
            garbage_kept(),
        ):
            filler.fill(on_portion)
        note_size(size)
    with connection.cursor() as db:
        db.execute("VACUUM (ANALYZE)")
