"""Money on its way back: one case for every place where a refund can stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from aftersales.demo.goods.books import Books
from aftersales.demo.goods.returns import (
    bring_back,
    carry_out,
    exchange,
    money_without_goods,
    replace,
)
from aftersales.demo.goods.scene import Bought, Cast, Scene, refunds_through
from aftersales.kernel.clock import now
from aftersales.kernel.failures import SILENT
from returns.gateways import Answer, Instruction
from returns.models import ApprovalRequest, Refund, ReturnAuthorization
from returns.money_choices import Outcome
from returns.queries.deal import NO_EXTRAS, Extras
from returns.services.authorizing import authorize_return
from returns.services.compensating import grant_compensation
from returns.services.money import approving, by_hand, requesting, sending
from returns.services.money.approving import Voice
from returns.services.money.consenting import Consent
from returns.services.money.requesting import NewRefund
from returns.services.settling import settle_return
from staff.models import User
from tickets.services.opening import Words, receive_message

LEAD: Final = "xiaolan.gu"
MONEY_LEAD: Final = "liang.hong"
PAYER: Final = "shuhua.yin"
SECOND: Final = "jia.shi"
Path = Callable[[Cast, float, Books], Any]


def wish(scene: Scene, amount: str, reason: str, zh: str, en: str, **values: Any) -> Refund:
    """A draft on the case."""
    wanted = NewRefund(amount=amount, currency=scene.order.currency, reason=reason, **values)
    refund: Refund = scene.by_agent(
        requesting.request_refund,
        scene.payment.pk,
        wanted,
        note=scene.say(zh, en),
        ticket=scene.ticket,
    )
    return refund


def submit(scene: Scene, refund: Refund) -> Refund:
    scene.by_agent(requesting.submit_refund, refund.pk)
    return refund


def settle(scene: Scene, rma: ReturnAuthorization, extras: Extras = NO_EXTRAS) -> list[Refund]:
    """Perform the sheet; its refunds wait for approval."""
    scene.by_agent(settle_return, rma.pk, extras=extras)
    return list(Refund.objects.filter(ticket=scene.ticket).order_by("pk"))


def came_back(
    cast: Cast, days: float, bought: Bought, claim: str, agent: str = "ruolin.fang"
) -> tuple[Scene, ReturnAuthorization]:
    """A return that arrived intact."""
    scene = Scene(cast, days, bought, claim, agent=agent)
    rma = scene.ask("return_and_refund", condition="opened")
    bring_back(scene, rma)
    return scene, rma


def agree(refund_id: int, *, actor: User, principal: User | None = None) -> ApprovalRequest:
    """Approve with the password just entered."""
    return approving.approve_refund(
        refund_id, actor=actor, voice=Voice(principal=principal, reauthenticated_at=now())
    )


def approve(scene: Scene, refund: Refund, *people: str) -> None:
    for name in people or (LEAD,):
        scene.wait(2)
        scene.do(agree, refund.pk, actor=scene.cast[name])


def claim(scene: Scene, refund: Refund) -> Instruction | None:
    """The worker takes it for sending."""
    instruction: Instruction | None = scene.by_machine(sending.claim_refund, refund.pk)
    refund.refresh_from_db()
    return instruction


def answer(scene: Scene, refund: Refund, told: Answer) -> None:
    attempt = refund.attempts.filter(finished_at=None).latest("id")
    scene.by_machine(sending.record_answer, refund.pk, attempt.pk, told)


def pay(scene: Scene, refund: Refund, books: Books) -> None:
    """Approved, sent, paid: by the gateway's books, or by ours alone for store credit."""
    approve(scene, refund)
    send(scene, refund, books)


def send(scene: Scene, refund: Refund, books: Books) -> None:
    claim(scene, refund)
    reference = books.pay(refund, scene.at) if refund.gateway == "sandbox" else ""
    answer(scene, refund, Answer(Outcome.SUCCEEDED, reference=reference, amount=refund.amount))


def transfer(scene: Scene, refund: Refund) -> str:
    """One of finance made the transfer."""
    reference = f"ICBC{scene.rng.randrange(10**12):012d}"
    scene.wait(3)
    scene.do(by_hand.enter_transfer, refund.pk, actor=scene.cast[PAYER], reference=reference)
    return reference


def paid_by_gateway(cast: Cast, days: float, books: Books) -> None:
    """Returned, settled, approved, paid; the return is closed."""
    scene, rma = came_back(cast, days, Bought(shop="lanye-cn", skus=("LJ101",)), "does_not_fit")
    for refund in settle(scene, rma):
        pay(scene, refund, books)
    scene.resolve("退款459元已原路退回，请留意到账。", "Paid back.")


def paid_by_hand(cast: Cast, days: float, books: Books) -> None:
    """Two people of finance transferred it."""
    bought = Bought(shop="jianmu-eu", skus=("JE202",))
    scene, rma = came_back(cast, days, bought, "changed_mind", "minhui.zou")
    with refunds_through("manual"):
        (refund,) = settle(scene, rma)
    approve(scene, refund)
    claim(scene, refund)
    reference = transfer(scene, refund)
    second = cast[SECOND]
    scene.do(by_hand.confirm_manual_refund, refund.pk, actor=second, reference=reference)
    scene.resolve("已退款。", "Your money has been transferred; please allow two working days.")


def partly_in_points(cast: Cast, days: float, books: Books) -> None:
    """Money goes back by the gateway, points by the shop."""
    bought = Bought(shop="lanye-cn", skus=("LT203",), points="29")
    scene, rma = came_back(cast, days, bought, "changed_mind", "yifan.shi")
    for refund in settle(scene, rma):
        pay(scene, refund, books)
    carry_out(scene, rma.instructions.get())
    scene.resolve("退款已原路退回，积分也已返还到您的账户。", "-")


def store_credit(cast: Cast, days: float, books: Books) -> None:
    """The customer prefers credit, and has used a part of it."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LD402",)), "price", agent="yifan.shi")
    words = Words(body="差价不用退到微信，直接充到我的余额里就行。", channel="web")
    said = scene.by_customer(receive_message, scene.ticket.pk, words)
    way = {"means": "store_credit", "consent": Consent(message=said.pk)}
    refund = submit(scene, wish(scene, "40.00", "price", "保价退差，客户选择余额", "-", **way))
    pay(scene, refund, books)
    scene.wait(30)
    scene.do(
        by_hand.redeem_store_credit,
        scene.order.customer_id,
        actor=cast["shop-system"],
        amount="15.00",
        currency="CNY",
        reference=f"{scene.order.external_id}-2",
        source="api",
    )
    scene.resolve("差价40元已充入您的余额。", "-")


def without_goods(cast: Cast, days: float, books: Books) -> None:
    """Damaged, of little worth: paid without the goods coming back."""
    bought = Bought(shop="jianmu-cn", skus=("JA502",))
    scene = Scene(cast, days, bought, "damaged", agent="jiawen.luo")
    for refund in settle(scene, money_without_goods(scene, "low_value")):
        pay(scene, refund, books)
    scene.resolve("钢化膜破损，已全额退款，无需寄回。", "-")


def comfort(cast: Cast, days: float, books: Books) -> None:
    """Late parcel: cash from the catalogue, paid."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LS602",)), "late", agent="yuqing.bai")
    scene.by_agent(
        grant_compensation, scene.ticket.pk, "delay-cash", amount="30", note="晚到六天，致歉补偿"
    )
    pay(scene, Refund.objects.get(ticket=scene.ticket), books)
    scene.resolve("延误补偿30元已退回您的支付账户。", "-")


def coupons(cast: Cast, days: float, books: Books) -> None:
    """Coupon and points in kind, cash waiting for approval."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LA703",)), "late")
    for code, amount, note in (
        ("coupon-20", "20", "物流延误致歉"),
        ("points-500", "5", "老客户关怀"),
        ("delay-cash", "50", "延误导致错过生日，客户要求现金"),
    ):
        scene.by_agent(grant_compensation, scene.ticket.pk, code, amount=amount, note=note)


def failed(cast: Cast, days: float, books: Books) -> None:
    """Given up at first, asked for again, refused by the gateway for good: how else to pay?"""
    scene = Scene(cast, days, Bought(shop="jianmu-cn", skus=("JE302",)), "price")
    first = submit(scene, wish(scene, "20.00", "price", "降价20元，保价退差", "-"))
    scene.by_agent(requesting.cancel_refund, first.pk, note="客户改要优惠券，退款取消")
    refund = submit(scene, wish(scene, "20.00", "price", "降价20元，保价退差", "-"))
    approve(scene, refund)
    claim(scene, refund)
    answer(scene, refund, Answer(Outcome.FAILED, detail="用户账户已注销"))
    scene.reply("您付款的账户已注销，退款被退回。请告诉我们另一个收款方式，或改为存入余额。", "-")


def declined(cast: Cast, days: float, books: Books) -> None:
    """Nobody decided in time: a draft again; the second wish the lead saw no ground for."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LJ104",)), "price", agent="jiawen.luo")
    first = submit(scene, wish(scene, "25.00", "price", "保价退差25元", "-"))
    scene.at += timedelta(hours=73)
    scene.by_machine(approving.expire_approval, first.pk)
    refund = submit(scene, wish(scene, "100.00", "goodwill", "客户要求补差100元", "-"))
    scene.wait(4)
    note = "降价发生在保价期之后，不予补差"
    scene.do(approving.decline_refund, refund.pk, actor=cast[LEAD], note=note)
    scene.resolve("您下单的商品降价发生在保价期之后，很抱歉无法补差。", "-")


def decided_for_another(cast: Cast, days: float, books: Books) -> None:
    """The desk's lead approves in the name of another, who is away."""
    bought = Bought(shop="lanye-cn", skus=("LS605",))
    scene, rma = came_back(cast, days, bought, "does_not_fit", "shihan.yin")
    (refund,) = settle(scene, rma)
    scene.do(agree, refund.pk, actor=cast[LEAD], principal=cast["jiaming.zhu"])
    send(scene, refund, books)
    scene.resolve("退款已原路退回，请留意到账。", "-")


def stuck(cast: Cast, days: float, books: Books) -> None:
    """The gateway has been working on it for days: somebody's work now."""
    bought = Bought(shop="jianmu-cn", skus=("JE404",))
    scene, rma = came_back(cast, days, bought, "changed_mind", "yuqing.bai")
    (refund,) = settle(scene, rma)
    approve(scene, refund)
    claim(scene, refund)
    books.keep_pending(refund, scene.at)
    answer(scene, refund, Answer(Outcome.PENDING))
    scene.at += timedelta(hours=25)
    scene.by_machine(sending.escalate_refund, refund.pk)


def answer_lost(cast: Cast, days: float, books: Books) -> None:
    """No usable answer: the gateway is asked until it says what became of it."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LU503",)), "price")
    refund = submit(scene, wish(scene, "35.00", "price", "保价退差35元", "-"))
    approve(scene, refund)
    claim(scene, refund)
    answer(scene, refund, Answer(Outcome.UNKNOWN, "TimeoutError: timed out", SILENT))


def held(cast: Cast, days: float, books: Books) -> None:
    """Two customers, one door: approved, but the guard wants a look first."""
    first = Scene(cast, days, Bought(shop="lanye-cn", skus=("LT201",)), "price", agent="yifan.shi")
    pay(first, submit(first, wish(first, "15.00", "price", "保价退差15元", "-")), books)
    first.resolve("保价差额15元已原路退回。", "-")
    bought = Bought(shop="lanye-cn", skus=("LT201",), like=first)
    second = Scene(cast, days - 0.4, bought, "price", agent="yifan.shi")
    refund = submit(second, wish(second, "15.00", "price", "保价退差15元", "-"))
    approve(second, refund)
    claim(second, refund)


def needs_a_look(cast: Cast, days: float, books: Books) -> None:
    """The same sum for the same order once more: held, and waiting for approval."""
    scene = Scene(cast, days, Bought(shop="jianmu-cn", skus=("JE401",)), "price")
    for _ in range(2):
        submit(scene, wish(scene, "40.00", "price", "页面降价40元，申请退差", "-"))


def to_be_transferred(cast: Cast, days: float, books: Books) -> None:
    """Approved, by hand; finance has not paid yet."""
    bought = Bought(shop="lanye-eu", skus=("LS604",))
    scene, rma = came_back(cast, days, bought, "changed_mind", "minhui.zou")
    with refunds_through("manual"):
        (refund,) = settle(scene, rma)
    approve(scene, refund)
    claim(scene, refund)


def to_be_confirmed(cast: Cast, days: float, books: Books) -> None:
    """The bank did not take the first transfer; a second person has to confirm the next."""
    scene = Scene(cast, days, Bought(shop="jianmu-eu", skus=("JE402",)), "price", agent="ziang.dai")
    for is_taken in (False, True):
        with refunds_through("manual"):
            refund = submit(scene, wish(scene, "5.00", "price", "-", "Price match"))
        approve(scene, refund)
        claim(scene, refund)
        transfer(scene, refund)
        if not is_taken:
            note = "The bank returned it: account unknown"
            scene.do(by_hand.reject_transfer, refund.pk, actor=cast[SECOND], note=note)


def asked_back(cast: Cast, days: float, books: Books) -> None:
    """A draft again, with the lead's question."""
    scene = Scene(
        cast, days, Bought(shop="lanye-cn", skus=("LJ106",)), "damaged", agent="jiawen.luo"
    )
    photo = scene.photo(1)
    draft = wish(scene, "60.00", "damaged", "拉链破损，部分退款", "-", evidence=(photo.pk,))
    refund = submit(scene, draft)
    scene.wait(3)
    note = "请补一张整体照片，确认是否可以修复后再提交"
    scene.do(approving.ask_back, refund.pk, actor=cast[LEAD], note=note)


def small_one(cast: Cast, days: float, books: Books) -> None:
    """Waits for any lead."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LT205",)), "price")
    submit(scene, wish(scene, "45.00", "price", "下单次日降价45元", "-"))


def small_one_in_europe(cast: Cast, days: float, books: Books) -> None:
    """Waits for any lead; the parcel had been late, for which there was a voucher."""
    bought = Bought(shop="lanye-eu", skus=("LA703",))
    scene, rma = came_back(cast, days, bought, "changed_mind", "minhui.zou")
    note = "The parcel had been three days late"
    scene.by_agent(grant_compensation, scene.ticket.pk, "coupon-5-eu", amount="5", note=note)
    settle(scene, rma)


def with_password(cast: Cast, days: float, books: Books) -> None:
    """Above the limit: the lead enters the password again."""
    bought = Bought(shop="lanye-cn", skus=("LJ103",))
    scene, rma = came_back(cast, days, bought, "does_not_fit", "shihan.yin")
    settle(scene, rma)


def two_leads(cast: Cast, days: float, books: Books) -> None:
    """Two phones: two leads, one has agreed."""
    bought = Bought(shop="jianmu-cn", skus=("JE101",), quantity=2)
    scene = Scene(cast, days, bought, "defect", agent="yuqing.bai", is_phone=True)
    rma = scene.ask("return_and_refund")
    scene.by_agent(authorize_return, rma.pk)
    bring_back(scene, rma)
    (refund,) = settle(scene, rma)
    approve(scene, refund, MONEY_LEAD)


def damages(cast: Cast, days: float, books: Books) -> None:
    """Not what was sold: the price back, and three times of it by law, each with its approval."""
    bought = Bought(shop="lanye-cn", skus=("LA701",))
    scene, rma = came_back(cast, days, bought, "not_as_described", "yifan.shi")
    settle(scene, rma, Extras(damages=Decimal(897), damages_basis="消费者权益保护法第五十五条"))


def price_difference(cast: Cast, days: float, books: Books) -> None:
    """Exchanged for a cheaper one; the rest waits for approval."""
    scene = Scene(
        cast, days, Bought(shop="lanye-cn", skus=("LD401",)), "does_not_fit", agent="shihan.yin"
    )
    rma = exchange(scene)
    replace(scene, rma, "LD402", "189.00")
    settle(scene, rma)


def just_approved(cast: Cast, days: float, books: Books) -> None:
    """The worker sends it as soon as the desk is up."""
    scene = Scene(cast, days, Bought(shop="lanye-cn", skus=("LA702",)), "price")
    refund = submit(scene, wish(scene, "30.00", "price", "保价退差30元", "-"))
    approve(scene, refund)


# Days ago, what happens; the oldest first.
PATHS: Final[tuple[tuple[float, Path], ...]] = (
    (26.0, paid_by_hand),
    (21.0, paid_by_gateway),
    (18.0, store_credit),
    (14.0, partly_in_points),
    (12.5, comfort),
    (11.0, without_goods),
    (8.2, failed),
    (6.6, declined),
    (6.1, decided_for_another),
    (5.7, stuck),
    (4.8, to_be_transferred),
    (4.4, two_leads),
    (3.9, damages),
    (3.5, with_password),
    (3.0, price_difference),
    (2.8, small_one_in_europe),
    (2.0, held),
    (1.8, to_be_confirmed),
    (1.6, asked_back),
    (1.1, coupons),
    (0.7, needs_a_look),
    (0.5, small_one),
    (0.3, answer_lost),
    (0.25, just_approved),
)
