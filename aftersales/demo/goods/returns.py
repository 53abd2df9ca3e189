"""Goods on their way back: one case for every path and place where a return can stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aftersales.demo.goods.scene import GOOD, Bought, Cast, Scene
from returns.carriers import Label, News
from returns.models import Repair, ReturnAuthorization, ReturnItem, ShopInstruction
from returns.services import (
    authorizing,
    exchanging,
    inspecting,
    parcels,
    receiving,
    repairing,
    requesting,
    settling,
)
from returns.services.authorizing import Ground
from returns.services.exchanging import Replacement
from returns.services.inspecting import Look
from returns.services.receiving import Found, Receipt

BENCH: Final = "jianjun.duan"
QUALITY: Final = "wenjing.li"
LEAD: Final = "xiaolan.gu"
Path = Callable[[Cast, float], Any]


def send(scene: Scene, rma: ReturnAuthorization) -> None:
    """The customer hands a parcel in."""
    scene.wait(10)
    number = scene.say("SF", "JJD") + f"{scene.rng.randrange(10**13):013d}"
    scene.by_customer(
        parcels.announce_parcel,
        rma.pk,
        carrier=scene.say("顺丰", "DHL"),
        tracking_number=number,
    )


def arrive(scene: Scene, rma: ReturnAuthorization, status: str = "received") -> list[ReturnItem]:
    """The bench opens the parcel: every article came to the same."""
    scene.wait(30)
    receipts = [
        Receipt(item=one.pk, quantity=one.quantity, status=status) for one in scene.items(rma)
    ]
    scene.do(receiving.receive_items, rma.pk, receipts, actor=scene.cast[BENCH])
    return scene.items(rma)


def accept(scene: Scene, item: ReturnItem, grade: str = "as_new", **values: Any) -> None:
    """Intact, or what ``values`` say."""
    found = {"disposition": "restock", "decision": "accepted"} | values
    look = Look(answers=GOOD | found.pop("answers", {}), grade=grade, **found)
    scene.do(inspecting.inspect_item, item.pk, look, actor=scene.cast[BENCH])


def bring_back(scene: Scene, rma: ReturnAuthorization) -> list[ReturnItem]:
    """All of it arrives and is intact."""
    send(scene, rma)
    items = arrive(scene, rma)
    for item in items:
        accept(scene, item)
    return items


def asked(cast: Cast, days: float) -> None:
    """A plain yes that a person still has to say."""
    Scene(cast, days, Bought(shop="jianmu-cn", skus=("JE101",)), "changed_mind").ask(
        "return_and_refund"
    )


def asked_for_a_look(cast: Cast, days: float) -> None:
    """Faults told after the seventh day are for a person to judge."""
    bought = Bought(shop="jianmu-eu", skus=("JE402",), delivered_days_before=24)
    scene = Scene(cast, days, bought, "defect", is_phone=True)
    scene.photo(2)
    scene.ask("return_and_refund", condition="damaged")


def never_arrived(cast: Cast, days: float) -> None:
    """Money without goods is always looked at by a person."""
    bought = Bought(shop="lanye-cn", skus=("LT202",), delivered_days_before=None)
    Scene(cast, days, bought, "not_received", agent="yifan.shi").ask("refund_only")


def declined(cast: Cast, days: float) -> ReturnAuthorization:
    """Asked weeks after the last day, holidays or not."""
    bought = Bought(shop="lanye-cn", skus=("LS603",), delivered_days_before=28)
    scene = Scene(cast, days, bought, "changed_mind", agent="jiawen.luo")
    rma = scene.ask("return_and_refund")
    scene.by_agent(
        authorizing.decline_return,
        rma.pk,
        reason="late",
        note=scene.say(
            "签收已超过三周，超出七日无理由期限。", "Asked more than three weeks after delivery."
        ),
    )
    scene.resolve(
        "很抱歉，已超过无理由退货期限，无法办理退货。",
        "We are sorry: the time to return it is over.",
    )
    return rma


def appealed(cast: Cast, days: float) -> None:
    """The customer wants another look at the refusal."""
    bought = Bought(shop="lanye-cn", skus=("LA701",), delivered_days_before=26)
    scene = Scene(cast, days, bought, "changed_mind", agent="yifan.shi")
    rma = scene.ask("return_and_refund")
    scene.by_agent(authorizing.decline_return, rma.pk, reason="late", note="超过七日无理由退货期限")
    scene.by_customer(
        requesting.appeal_return, rma.pk, note="我出差刚回来才看到包裹，请再看一下，背包没有用过。"
    )


def overruled(cast: Cast, days: float) -> None:
    """Too late by the law, accepted by the lead for a good customer."""
    bought = Bought(shop="lanye-cn", skus=("LA704",), delivered_days_before=24, tier="gold")
    scene = Scene(cast, days, bought, "changed_mind")
    rma = scene.ask("return_and_refund")
    scene.do(
        authorizing.authorize_return,
        rma.pk,
        actor=cast[LEAD],
        note="老客户，围巾未拆封，同意例外退货一次",
    )


def withdrawn(cast: Cast, days: float) -> None:
    """The customer keeps it after all; until the window ends it can be asked for again."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LT204",)), "does_not_fit")
    rma = scene.ask("return_and_refund")
    scene.by_customer(requesting.cancel_return, rma.pk, note="家人说合身，不退了")


def authorized(cast: Cast, days: float) -> None:
    """Waits for the customer's parcel."""
    scene = Scene(
        cast, days, Bought(shop="lanye-eu", skus=("LD401",)), "does_not_fit", agent="minhui.zou"
    )
    scene.ask("return_and_refund", condition="opened")


def on_its_way(cast: Cast, days: float) -> None:
    """Announced by the customer with a carrier of their own."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LJ102", "LP302")), "does_not_fit")
    send(scene, scene.ask("return_and_refund", lines=2, condition="opened"))


def on_its_way_with_label(cast: Cast, days: float) -> None:
    """With our label; the carrier tells where the parcel is."""
    scene = Scene(
        cast, days, Bought(shop="jianmu-eu", skus=("JE203",)), "changed_mind", agent="ziang.dai"
    )
    rma = scene.ask("return_and_refund")
    number = f"SBX{scene.rng.randrange(10**12):012d}"
    scene.by_machine(parcels.record_label, rma.pk, "sandbox", Label(number))
    scan(scene, number, "in_transit", "Dublin")


def scan(scene: Scene, number: str, code: str, place: str) -> None:
    scene.wait(14)
    news = News(f"{number}-{code}", number, code, scene.at, place)
    scene.by_machine(lambda actor: parcels.record_scan("sandbox", news, actor=actor))


def at_the_bench(cast: Cast, days: float) -> None:
    """Arrived, not inspected yet."""
    scene = Scene(
        cast, days, Bought(shop="lanye-cn", skus=("LS601",)), "does_not_fit", agent="shihan.yin"
    )
    rma = scene.ask("return_and_refund", condition="opened")
    send(scene, rma)
    arrive(scene, rma)


def short_parcel(cast: Cast, days: float) -> None:
    """One of two came; the rest is missing, and something nobody announced lay in the box."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LT201",), quantity=2), "changed_mind")
    rma = scene.ask("return_and_refund")
    send(scene, rma)
    scene.wait(30)
    item, bench = scene.items(rma)[0], cast[BENCH]
    scene.do(receiving.receive_items, rma.pk, [Receipt(item=item.pk, quantity=1)], actor=bench)
    rest = [one for one in scene.items(rma) if not one.is_arrived]
    missing = [Receipt(item=one.pk, quantity=one.quantity, status="short") for one in rest]
    scene.do(receiving.receive_items, rma.pk, missing, actor=bench)
    scene.do(receiving.record_unexpected, rma.pk, Found(text="一双旧袜子"), actor=bench)


def wrong_article(cast: Cast, days: float) -> None:
    """Another article lay in the parcel: refused with a photo, sent back, told."""
    scene = Scene(
        cast, days, Bought(shop="jianmu-cn", skus=("JE202",)), "changed_mind", agent="jiawen.luo"
    )
    rma = scene.ask("return_and_refund")
    send(scene, rma)
    item = arrive(scene, rma, "wrong_item")[0]
    accept(
        scene,
        item,
        "damaged",
        disposition="send_back",
        decision="declined",
        reason="wrong_article",
        note="寄回的不是本店出售的耳机，序列号不符",
        answers={"marks": False},
        photos=[scene.photo(4, is_customers=False).pk],
    )
    scene.by_agent(settling.settle_return, rma.pk)
    scene.resolve("寄回的不是本店售出的耳机，无法退款，已原样寄回给您。", "-")


def inspected(cast: Cast, days: float) -> None:
    """Accepted with an agreed deduction; the sheet waits."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LJ105",)), "changed_mind")
    rma = scene.ask("return_and_refund", condition="opened")
    send(scene, rma)
    item = arrive(scene, rma)[0]
    accept(
        scene,
        item,
        "used",
        disposition="refurbish",
        decision="partly",
        deduction="80.00",
        consent="客户同意：大衣有一处勾丝，扣80元",
        answers={"clean": False},
    )


def lost_on_the_way(cast: Cast, days: float) -> None:
    """The carrier lost the parcel; what was in it is owed all the same."""
    scene = Scene(
        cast, days, Bought(shop="lanye-eu", skus=("LA702",)), "changed_mind", agent="minhui.zou"
    )
    rma = scene.ask("return_and_refund")
    number = f"SBX{scene.rng.randrange(10**12):012d}"
    scene.by_machine(parcels.record_label, rma.pk, "sandbox", Label(number))
    scan(scene, number, "in_transit", "Cork")
    scan(scene, number, "lost", "Dublin")
    item = arrive(scene, rma, "lost")[0]
    scene.by_agent(
        inspecting.decide_missing, item.pk, is_owed=True, note="The carrier confirmed the loss"
    )


def exchange(scene: Scene, claim: str = "") -> ReturnAuthorization:
    rma = scene.ask("exchange", claim, condition="opened")
    bring_back(scene, rma)
    return rma


def replace(scene: Scene, rma: ReturnAuthorization, sku: str, price: str) -> ShopInstruction:
    new = Replacement(
        sku=sku, name=scene.line.name, quantity=scene.line.quantity, price=price or None
    )
    ordered: ShopInstruction = scene.by_agent(exchanging.order_replacement, rma.pk, new)
    return ordered


def carry_out(scene: Scene, instruction: ShopInstruction) -> None:
    """The shop takes the order over and sends it."""
    shop, number = scene.cast["shop-system"], f"OUT{scene.rng.randrange(10**8):08d}"
    scene.do(
        exchanging.confirm_instruction,
        instruction.pk,
        actor=shop,
        external_id=number,
        source="api",
    )
    scene.wait(6)
    scene.do(exchanging.complete_instruction, instruction.pk, actor=shop, source="api")


def exchange_for_the_same(cast: Cast, days: float) -> None:
    """Another size at the same price, sent and over."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LP301",)), "does_not_fit")
    rma = exchange(scene)
    instruction = replace(scene, rma, "LP301", "")
    scene.by_agent(settling.settle_return, rma.pk)
    carry_out(scene, instruction)
    scene.resolve("换货已发出，请留意查收。", "The replacement is on its way.")


def exchange_for_a_dearer_one(cast: Cast, days: float) -> None:
    """The customer still has to pay the difference."""
    scene = Scene(
        cast, days, Bought(shop="lanye-cn", skus=("LT205",)), "does_not_fit", agent="shihan.yin"
    )
    rma = exchange(scene)
    replace(scene, rma, "LT203", "329.00")
    scene.by_agent(settling.settle_return, rma.pk)


def quoted_repair(cast: Cast, days: float) -> None:
    """The customer has to agree to the price."""
    scene, item = to_the_repairer(cast, days, "JE403", "jianmu-cn")
    repair: Repair = scene.by_agent(repairing.plan_repair, item.pk, vendor="杭州迅修科技")
    scene.by_agent(repairing.quote_repair, repair.pk, amount="180.00", note="主刷电机进水，需更换")


def repair_under_way(cast: Cast, days: float) -> None:
    """Under warranty, waiting for parts."""
    scene, item = to_the_repairer(cast, days, "JE103", "jianmu-cn")
    repair: Repair = scene.by_agent(repairing.plan_repair, item.pk, vendor="杭州迅修科技")
    scene.by_agent(repairing.start_repair, repair.pk)
    scene.wait(20)
    scene.by_agent(repairing.wait_for_parts, repair.pk, note="屏幕总成缺货，预计一周到货")


def finished_repair(cast: Cast, days: float) -> None:
    """Works again and was sent back."""
    scene, item = to_the_repairer(cast, days, "JE201", "jianmu-eu")
    repair: Repair = scene.by_agent(repairing.plan_repair, item.pk, vendor="Dublin Repair Works")
    scene.by_agent(repairing.start_repair, repair.pk)
    scene.wait(60)
    scene.by_agent(
        repairing.finish_repair, repair.pk, is_repaired=True, result="Charging contacts renewed"
    )
    instruction = replace(scene, item.rma, scene.line.sku, "")
    scene.by_agent(settling.settle_return, item.rma_id)
    carry_out(scene, instruction)
    scene.resolve("已修好寄回。", "Repaired and on its way back to you.")


def to_the_repairer(cast: Cast, days: float, sku: str, shop: str) -> tuple[Scene, ReturnItem]:
    """Used for two months, taken in and looked at by quality."""
    bought = Bought(shop=shop, skus=(sku,), delivered_days_before=60)
    scene = Scene(cast, days, bought, "repair", agent="ziang.dai")
    rma = scene.ask("repair", "defect", condition="used")
    send(scene, rma)
    item = arrive(scene, rma)[0]
    look = Look(
        answers=GOOD | {"works": False, "unused": False, "not_activated": False},
        grade="used",
        disposition="refurbish",
        decision="accepted",
    )
    scene.do(inspecting.inspect_item, item.pk, look, actor=cast[QUALITY])
    return scene, scene.items(rma)[0]


def sent_again(cast: Cast, days: float) -> None:
    """A part was missing: the shop is asked to send it."""
    bought = Bought(shop="jianmu-cn", skus=("JE401",))
    scene = Scene(cast, days, bought, "missing_part", agent="ziang.dai")
    rma = scene.ask("reship")
    replace(scene, rma, "JE401", "")
    scene.by_agent(settling.settle_return, rma.pk)


def money_without_goods(scene: Scene, basis: str) -> ReturnAuthorization:
    """Refund only, on a photo and a ground a person stated."""
    photo = scene.photo(scene.rng.randrange(4))
    rma = scene.ask("refund_only", condition="damaged")
    scene.by_agent(
        authorizing.authorize_return,
        rma.pk,
        note=scene.say("照片清楚，寄回运费高于货值", "Clear photos; postage exceeds its worth"),
        ground=Ground(basis=basis, evidence=photo.pk),
    )
    return rma


# Days ago, what happens; the oldest first.
PATHS: Final[tuple[tuple[float, Path], ...]] = (
    (19.0, finished_repair),
    (16.0, exchange_for_the_same),
    (8.6, wrong_article),
    (6.3, declined),
    (6.2, repair_under_way),
    (5.9, quoted_repair),
    (5.4, exchange_for_a_dearer_one),
    (5.1, inspected),
    (4.6, short_parcel),
    (4.5, lost_on_the_way),
    (4.2, sent_again),
    (3.6, withdrawn),
    (3.3, at_the_bench),
    (2.9, overruled),
    (2.6, on_its_way_with_label),
    (2.2, on_its_way),
    (1.9, authorized),
    (1.4, appealed),
    (0.9, asked_for_a_look),
    (0.6, never_arrived),
    (0.35, asked),
)
