"""The kinds of story and what does not depend on language: frequency, category, endings."""
# ruff: noqa: E501 -- one kind is read as one row

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Stage = Literal["any", "before", "after"]
Amount = Literal["none", "full", "part", "small"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a story is settled: who looked into it, who answers for it, what is offered."""

    department: str
    party: str
    remedy: str
    amount: Amount = "none"


@dataclass(frozen=True, slots=True)
class StoryKind:
    """One kind of case.

    `family` chooses the wording that many kinds share. `needs` are the product's traits or flags
    of which one must be there, `avoids` those that rule it out. `mood` is polite, mixed or upset.
    `stage` says whether the parcel must have left.
    """

    code: str
    kind: str
    category: str
    priority: str
    weight: int
    family: str
    endings: tuple[Ending, ...]
    needs: frozenset[str] = frozenset()
    avoids: frozenset[str] = frozenset()
    mood: Literal["polite", "mixed", "upset"] = "mixed"
    stage: Stage = "after"
    has_photos: bool = False


class Told(NamedTuple):
    """One ending in words: root cause, internal finding, offer, result told to the customer."""

    cause: str
    note: str
    offer: str
    result: str


class Script(NamedTuple):
    """One kind of story in one language; each tuple holds alternatives."""

    subjects: tuple[str, ...]
    leads: tuple[str, ...]
    details: tuple[str, ...]
    wishes: tuple[str, ...]
    endings: tuple[Told, ...]


def _kind(
    code: str, kind: str, category: str, priority: str, weight: int, family: str,
    *endings: str, needs: str = "", avoids: str = "", mood: Literal["polite", "mixed", "upset"] = "mixed",
    stage: Stage = "after", photos: bool = False,
) -> StoryKind:  # fmt: skip
    return StoryKind(
        code=code, kind=kind, category=category, priority=priority, weight=weight, family=family,
        endings=tuple(Ending(*ending.split()) for ending in endings),  # type: ignore[arg-type]
        needs=frozenset(needs.split()), avoids=frozenset(avoids.split()), mood=mood, stage=stage, has_photos=photos,
    )  # fmt: skip


KINDS: Final = (
    # What is wrong with the goods
    _kind("torn_on_arrival", "return_request", "product_quality/damage", "high", 6, "quality",
          "warehouse warehouse refund full", "quality supplier exchange", needs="cloth bag", photos=True),
    _kind("screen_cracked", "return_request", "product_quality/damage", "high", 4, "quality",
          "logistics carrier exchange", "warehouse warehouse refund full", needs="screen",
          mood="upset", photos=True),
    _kind("battery_drains", "repair_request", "product_quality/defect", "normal", 6, "quality",
          "technical supplier repair", "technical supplier exchange", needs="battery"),
    _kind("one_side_silent", "repair_request", "product_quality/defect", "normal", 6, "quality",
          "technical supplier exchange", "technical customer explanation", needs="earphone"),
    _kind("overheats", "complaint", "product_quality/safety", "urgent", 3, "safety",
          "quality supplier refund full", needs="charger", mood="upset", photos=True),
    _kind("skin_rash", "complaint", "product_quality/safety", "urgent", 2, "safety",
          "quality supplier refund full", needs="cloth", mood="upset", photos=True),
    _kind("will_not_turn_on", "return_request", "product_quality/defect", "high", 5, "quality",
          "technical supplier exchange", "technical supplier refund full", needs="power"),
    _kind("zip_broken", "repair_request", "product_quality/defect", "normal", 4, "quality",
          "quality supplier compensation part", "quality supplier exchange", needs="zip",
          photos=True),
    _kind("color_bleeding", "complaint", "product_quality/color", "normal", 4, "quality",
          "quality supplier refund full", "quality supplier compensation part", needs="dyed",
          photos=True),
    _kind("color_differs", "return_request", "product_quality/color", "normal", 4, "quality",
          "service shop return full", needs="cloth knit shoe bag", photos=True),
    _kind("sole_came_off", "complaint", "product_quality/defect", "high", 6, "quality",
          "quality supplier refund full", "quality supplier exchange", needs="shoe", mood="upset",
          photos=True),
    _kind("pilling", "complaint", "product_quality/defect", "normal", 4, "quality",
          "quality supplier compensation part", needs="knit", photos=True),
    _kind("wrong_size", "return_request", "product_quality/size_fit", "normal", 8, "quality",
          "service shop return full", needs="size"),
    _kind("exchange_size", "return_request", "product_quality/size_fit", "normal", 7, "order",
          "service customer exchange", needs="size", mood="polite"),
    _kind("wrong_color_sent", "return_request", "product_quality/wrong_item", "normal", 4,
          "quality", "warehouse warehouse exchange", "warehouse warehouse compensation part",
          needs="size case", photos=True),
    _kind("wrong_item_sent", "complaint", "product_quality/wrong_item", "high", 4, "quality",
          "warehouse warehouse exchange", photos=True),
    _kind("missing_part", "complaint", "product_quality/missing_part", "normal", 6, "quality",
          "warehouse warehouse exchange", "warehouse warehouse compensation small", photos=True),
    # On the way
    _kind("parcel_late", "complaint", "logistics/late", "normal", 10, "logistics",
          "logistics carrier compensation small", "logistics carrier explanation"),
    _kind("parcel_lost", "complaint", "logistics/lost", "high", 4, "logistics",
          "logistics carrier exchange", "logistics carrier refund full", mood="upset"),
    _kind("not_received", "complaint", "logistics/not_received", "high", 6, "logistics",
          "logistics carrier explanation", "logistics carrier refund full", mood="upset"),
    _kind("box_crushed", "complaint", "logistics/damaged_parcel", "normal", 4, "logistics",
          "logistics carrier compensation small", photos=True),
    _kind("rude_courier", "complaint", "logistics/courier", "normal", 3, "logistics",
          "logistics carrier compensation small", mood="upset"),
    _kind("duplicate_delivery", "consultation", "order/duplicate", "low", 2, "order",
          "warehouse warehouse return", mood="polite"),
    # The order and the money
    _kind("cancel_before_shipping", "consultation", "order/cancel", "high", 5, "order",
          "warehouse customer refund full", stage="before", mood="polite"),
    _kind("change_address", "consultation", "order/change", "high", 4, "order",
          "warehouse customer explanation", stage="before", mood="polite"),
    _kind("change_of_mind", "return_request", "order/cancel", "normal", 7, "order",
          "service customer return full", avoids="activated sealed intimate",
          mood="polite"),
    _kind("opened_return_declined", "return_request", "order/cancel", "normal", 3, "order",
          "service customer explanation", needs="activated sealed intimate"),
    _kind("refund_not_arrived", "complaint", "service/refund_delay", "high", 6, "service",
          "finance platform explanation", "finance shop compensation small", mood="upset"),
    _kind("invoice_request", "consultation", "order/invoice", "low", 5, "order",
          "finance shop explanation", mood="polite", stage="any"),
    _kind("price_protection", "consultation", "order/price", "normal", 5, "order",
          "finance shop refund part"),
    _kind("charged_twice", "complaint", "technical/payment", "high", 2, "service",
          "finance platform refund full", mood="upset", stage="any"),
    # Service
    _kind("slow_reply", "complaint", "service/slow_reply", "normal", 3, "service",
          "service shop compensation small", mood="upset", stage="any"),
    _kind("rude_agent", "complaint", "service/attitude", "high", 2, "service",
          "service shop compensation small", mood="upset", stage="any"),
    _kind("warranty_repair", "repair_request", "service/repair", "normal", 5, "quality",
          "technical supplier repair", "technical customer repair small", needs="power"),
    _kind("repair_too_long", "complaint", "service/repair", "high", 2, "service",
          "technical supplier exchange", needs="power", mood="upset"),
    # Questions
    _kind("how_to", "consultation", "product_info/how_to", "low", 5, "info",
          "technical shop explanation", needs="app", mood="polite"),
    _kind("care_question", "consultation", "product_info/how_to", "low", 3, "info",
          "service shop explanation", needs="cloth knit", mood="polite"),
    _kind("size_advice", "consultation", "product_info/size_advice", "low", 5, "info",
          "service shop explanation", needs="cloth", mood="polite", stage="before"),
    _kind("back_in_stock", "consultation", "product_info/availability", "low", 3, "info",
          "supply shop explanation", mood="polite", stage="any"),
    _kind("app_crash", "complaint", "technical/app", "normal", 2, "info",
          "technical shop explanation", needs="app"),
    _kind("account_phone", "consultation", "technical/account", "normal", 2, "info",
          "technical shop explanation", mood="polite", stage="any"),
    # Suggestions and praise
    _kind("suggest_packaging", "suggestion", "logistics/damaged_parcel", "low", 2, "voice",
          "warehouse shop explanation", mood="polite"),
    _kind("suggest_size_chart", "suggestion", "product_info/size_advice", "low", 2, "voice",
          "marketing shop explanation", needs="size", mood="polite"),
    _kind("praise_agent", "praise", "service/attitude", "low", 3, "voice",
          "service shop explanation", mood="polite"),
    _kind("praise_product", "praise", "product_quality", "low", 3, "voice",
          "marketing shop explanation", mood="polite"),
)  # fmt: skip
BY_CODE: Final = {kind.code: kind for kind in KINDS}
