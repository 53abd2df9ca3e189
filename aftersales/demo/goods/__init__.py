"""Goods and money of the demo: every path of a return and of a refund, told by the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import translation

from aftersales.demo.goods import discounts, refunds, returns
from aftersales.demo.goods.books import Books, read_the_bill
from aftersales.demo.goods.promises import delegate, make_promises
from aftersales.demo.goods.scene import Cast, refunds_through
from aftersales.demo.photos import draw_photos
from aftersales.demo.promises import catch_up
from aftersales.kernel.clock import now, telling
from aftersales.kernel.context import Source, entering
from customers.models import Payment
from returns.money_statuses import RefundStatus
from staff.services import system_actor
from tickets import files
from tickets.models import OutboundMail
from tickets.services.outbox import claim_mail, record_mail_sent
from tickets.statuses import MailStatus

__all__ = ["PATHS", "tell_goods_and_money"]

WITH_MONEY: Final = (*refunds.PATHS, *discounts.PATHS)
# How long the worker takes to a mail that is due.
WORKER: Final = timedelta(seconds=20)
PATHS: Final = len(returns.PATHS) + len(WITH_MONEY)


def tell_goods_and_money(
    seed: int, on_path: Callable[[], object], today: datetime | None = None
) -> None:
    """Tell all paths, oldest first, on a seeded desk; nothing remains of a failed attempt."""
    rng, today = Random(seed), (today or now()).replace(microsecond=0)
    photos = [files.path_of(photo.digest).read_bytes() for photo in draw_photos(rng)]
    with transaction.atomic(), translation.override("en"):
        _tell(Cast(rng, today, photos), Books(rng), on_path)


def _tell(cast: Cast, books: Books, on_path: Callable[[], object]) -> None:
    make_promises(cast)
    delegate(cast)
    with refunds_through("sandbox"):
        for _days, tell in sorted(_paths(cast, books), key=lambda path: -path[0]):
            tell()
            deliver_mails(cast.today)
            on_path()
    read_the_bill(books, cast.today, cast[refunds.PAYER], _paid_some_days_ago())
    with telling(cast.today):
        catch_up()
    transaction.on_commit(lambda: books.write(settings.DATA_DIR / "sandbox.sqlite3"))


def deliver_mails(today: datetime) -> None:
    """Let the worker have sent what was due before today, at its time: the demo's worker would send
    the mails of half a year in its first minute."""
    due = OutboundMail.objects.filter(status=MailStatus.QUEUED, send_after__lt=today)
    for mail in due.order_by("send_after"):
        with telling(min(mail.send_after + WORKER, today)), entering(Source.JOB):
            claim_mail(mail.pk, actor=system_actor())
            record_mail_sent(mail.pk, actor=system_actor())


def _paths(cast: Cast, books: Books) -> Iterator[tuple[float, Callable[[], object]]]:
    for days, path in returns.PATHS:
        yield days, partial(path, cast, days)
    for days, with_money in WITH_MONEY:
        yield days, partial(with_money, cast, days, books)


def _paid_some_days_ago() -> list[Payment]:
    """Two payments of yuan out of which something was refunded and something is left."""
    rows = Payment.objects.filter(
        refunds__status=RefundStatus.SUCCEEDED, refunds__reason="price", currency="CNY"
    )
    return list(rows.exclude(method="points").distinct().order_by("pk")[:2])
