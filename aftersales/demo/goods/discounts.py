"""A part return of an order with a discount by sum: the sheet settles the discount anew."""

from __future__ import annotations

from typing import Final

from aftersales.demo.discounts import STEPS
from aftersales.demo.goods.books import Books
from aftersales.demo.goods.refunds import Path, came_back, settle
from aftersales.demo.goods.scene import Bought, Cast


def one_of_three(cast: Cast, days: float, books: Books) -> None:
    """What is kept reaches the lower step only; the refund waits for any lead."""
    skus = ("LD402", "LT203", "LS602")
    bought = Bought(shop="lanye-cn", skus=skus, steps=tuple(STEPS))
    scene, rma = came_back(cast, days, bought, "does_not_fit", "shihan.yin")
    settle(scene, rma)


PATHS: Final[tuple[tuple[float, Path], ...]] = ((2.4, one_of_three),)
