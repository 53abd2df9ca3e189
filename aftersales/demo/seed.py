"""Half a year at an after-sales desk, invented: ground, orders, cases of every status."""
# ruff: noqa: S608 -- names of our own tables and columns

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone, translation

from aftersales.demo.beside import Send, beside
from aftersales.demo.catalog import SHOPS, Shop
from aftersales.demo.chronicle import Chronicle
from aftersales.demo.fates import HALF_YEAR, Fate, deal, live
from aftersales.demo.ground import GROUND_MODELS, Ground, by, lay_ground
from aftersales.demo.handing_over import hand_over_cases
from aftersales.demo.indexes import table_names, without_indexes
from aftersales.demo.intake import stray_mails
from aftersales.demo.keeping import Keeper
from aftersales.demo.live import AGENT, live_cases
from aftersales.demo.loads import Load, write_loads
from aftersales.demo.logins import PASSWORD
from aftersales.demo.mails import Postman
from aftersales.demo.market import MARKET_MODELS, Market, Purchase
from aftersales.demo.photos import Photo, draw_photos
from aftersales.demo.rows import Batch, garbage_kept, resting_triggers
from aftersales.demo.settling import Settling
from aftersales.demo.stories import Story, tell
from aftersales.kernel.clock import now
from aftersales.kernel.context import Source
from aftersales.kernel.numbers import SEQUENCES
from clocks import rulebook
from clocks.models import Clock, ClockPause, ClockStep
from clocks.queries.calendars import held_weeks
from compliance.models import AuditEvent, JournalEntry
from staff.models import User
from staff.services import system_actor
from tickets import models as cases

CASE_MODELS: Final = (
    cases.Ticket,
    cases.Message,
    cases.Attachment,
    cases.Watcher,
    cases.StatusLink,
    cases.Investigation,
    cases.Evidence,
    cases.Proposal,
    cases.FollowUp,
    cases.CsatResponse,
    cases.TicketLink,
    cases.OutboundMail,
    cases.RawIntake,
)
# Kept but not audited, so without versions.
SIDE_MODELS: Final = (
    cases.TicketSearch,
    cases.Mention,
    cases.Draft,
    AuditEvent,
    Clock,
    ClockPause,
    ClockStep,
)
LONG_KINDS: Final = {"complaint", "return_request", "repair_request"}
SHOP_WEIGHTS: Final = (34, 26, 22, 18)
# Processes that invent.
LANES: Final = 2
# Cases per COPY; the journal is in order of time within such a portion.
PORTION: Final = 250
# Cases after which a process says how far it is.
TICK: Final = 10


class Dealt(NamedTuple):
    """A case to be invented; `age` in days."""

    number: int
    age: float
    fate: Fate


class Seeder:
    """Invents cases and writes them in portions; the same seed and `today` give the same rows."""

    def __init__(self, seed: int, today: datetime) -> None:
        self.rng = Random(seed)
        self.today = today
        machine = system_actor()  # first, since it draws an id of its own
        self.batch = Batch(*GROUND_MODELS, *MARKET_MODELS, *CASE_MODELS)
        for model in SIDE_MODELS:
            self.batch.add_table(model)
        self.pen = Chronicle(self.batch, self.rng)
        founded = today - timedelta(days=HALF_YEAR + 30)
        with ThreadPoolExecutor(2) as beside_this:  # hashing and drawing leave Python to others
            hashed = beside_this.submit(make_password, PASSWORD)
            drawn = beside_this.submit(draw_photos, self.rng)
            reverse("admin:index")  # reads all addresses, which takes a while
            self.photos: list[Photo] = drawn.result()
            password = hashed.result()
        self.ground: Ground = lay_ground(self.batch, self.rng, machine, founded, password)
        self.postman = Postman(self.pen)
        self.market = Market(self.pen, self.ground)
        self.keeper = Keeper(self.pen, self.ground, today)
        self.made: list[Settling] = []
        self.past: list[Settling] = []

    def seed(self, count: int, on_cases: Callable[[int], object]) -> None:
        """Invent and write so many cases; `on_cases` is told how many more there are."""
        self.batch.write()  # what every case stands on
        fates = [*numbered(deal(self.rng, count), draw_number())]
        waiting: list[deque[list[Load]]] = [deque() for _ in range(LANES)]
        with closing(beside(partial(self.tell, fates), LANES)) as heard:
            for lane, thing in heard:
                if isinstance(thing, int):
                    on_cases(thing)
                    continue
                waiting[lane].append(thing)
                if all(waiting):
                    write_loads(*[loads.popleft() for loads in waiting])
        keep_number(fates[-1].number + fates[-1].fate.calls)

    def tell(self, fates: list[Dealt], lane: int, send: Send) -> None:
        """Every so-manieth case, in a process of its own; as many portions in every lane."""
        self.take_lane(lane)
        for start in range(0, len(fates), PORTION):
            mine = fates[start + lane : start + PORTION : LANES]
            for told, (number, age, fate) in enumerate(mine, 1):
                self.happen(number, fate, self.today - timedelta(days=age))
                if told % TICK == 0:
                    send(TICK)
            send(len(mine) % TICK)
            if lane == 0 and start + PORTION >= len(fates):
                stray_mails(self.pen, self.ground, self.today, self.past)
            send(self.portion())

    def take_lane(self, lane: int) -> None:
        """Own chance, and every so-manieth number of everything."""
        self.rng.seed(f"{self.rng.random()} {lane}")
        self.batch.take_lane(lane, LANES)
        self.market.take_lane(lane, LANES)

    def portion(self) -> list[Load]:
        """What was invented since the last one."""
        self.keeper.keep(self.made)
        self.made.clear()
        self.past.clear()
        self.market.buyers.clear()
        return self.batch.take()

    def happen(self, number: int, fate: Fate, received: datetime) -> None:
        """One case, and the second call that is merged into it where its fate says so."""
        received = self.daytime(received)
        prior = self.earlier() if fate.code in ("continued", "related") else None
        purchase = prior.purchase if prior and fate.code == "continued" else self.purchase(received)
        case = self.case(number, purchase, self.story(purchase, fate), received)
        twin = None
        if fate.calls > 1:
            urge = case.story.urge
            twin_story = replace(case.story, subject=urge[:60], first_message=urge)
            twin = self.case(number + 1, purchase, twin_story, received)
        live(case, fate, self.photos, twin)
        if prior is not None:
            case.at = received + timedelta(minutes=3)
            signature = by(case.agent, Source.ADMIN, case.at)
            case.link_to(prior, "continues" if fate.code == "continued" else "related", signature)
        case.index()
        if twin is not None:
            twin.index()
        self.past.append(case)

    def daytime(self, received: datetime) -> datetime:
        """People write between seven in the morning and midnight."""
        is_night = timezone.localtime(received).hour < 7
        is_past = received < self.today - timedelta(days=2)
        return received - timedelta(hours=8) if is_night and is_past else received

    def case(self, number: int, purchase: Purchase, story: Story, received: datetime) -> Settling:
        case = Settling(
            self.pen,
            self.ground,
            self.postman,
            purchase,
            story,
            number=f"T-{number:06d}",
            received=received,
            end=self.today - timedelta(minutes=2),
        )
        self.made.append(case)
        return case

    def earlier(self) -> Settling | None:
        """A case of the recent past that something may continue or resemble."""
        finished = [case for case in self.past[-120:] if case.ticket["status"] == "closed"]
        return self.rng.choice(finished) if finished else None

    def purchase(self, received: datetime) -> Purchase:
        shop: Shop = self.rng.choices(SHOPS, SHOP_WEIGHTS)[0]
        is_shipped = self.rng.random() < 0.9
        days = self.rng.uniform(3, 24) if is_shipped else self.rng.uniform(0.05, 0.8)
        placed = received - timedelta(days=days)
        return self.market.buy(shop, placed, is_shipped=is_shipped, until=self.today)

    def story(self, purchase: Purchase, fate: Fate) -> Story:
        """A story of that order; of a kind that its fate can happen to."""
        for _ in range(60):
            story = tell(
                self.rng,
                purchase.shop.language,
                purchase.product,
                purchase.order["external_id"],
                purchase.tracking_number,
                purchase.person.name,
                ordered_on=purchase.order["placed_at"].date(),
            )
            fits = not fate.is_long or story.kind in LONG_KINDS
            if fits:
                return story
        return replace(story, kind="complaint")


def seed_demo(
    count: int, seed: int, on_cases: Callable[[int], object], today: datetime | None = None
) -> None:
    """Fill an empty database in one transaction; nothing remains of a failed attempt."""
    with transaction.atomic(), translation.override("en"):
        seeder = Seeder(seed, (today or now()).replace(microsecond=0))
        large = (model for model in seeder.batch.tables if model not in GROUND_MODELS)
        tables: list[type[Model]] = [*large, JournalEntry]
        is_large = count >= 1_000  # for a few hundred cases building anew takes longer
        bare = without_indexes(table_names(tables)) if is_large else nullcontext()
        with (
            bare,
            resting_triggers(seeder.batch.tables),
            held_weeks(),
            rulebook.held(),
            garbage_kept(),
        ):
            seeder.seed(count, on_cases)
        hand_over_cases(live_cases(seeder.rng), User.objects.get(username=AGENT))


def numbered(fates: Iterable[tuple[float, Fate]], number: int) -> Iterator[Dealt]:
    """Give every case its number; a second call that is merged takes the one behind it."""
    for age, fate in fates:
        yield Dealt(number, age, fate)
        number += fate.calls


def draw_number() -> int:
    """The number the next case gets."""
    with connection.cursor() as db:
        db.execute(f"SELECT last_value, is_called FROM {SEQUENCES['T']}")
        value, is_called = db.fetchone()
    return int(value) + int(is_called)


def keep_number(number: int) -> None:
    with connection.cursor() as db:
        db.execute("SELECT setval(%s, %s, false)", [SEQUENCES["T"], number])
