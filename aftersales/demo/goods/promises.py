"""What the shops promise on returns, where goods go back to, and what may be given as comfort."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from aftersales.demo.goods.scene import Cast
from aftersales.kernel.clock import telling
from aftersales.kernel.context import Source, acting, entering
from returns.models import Compensation, ReturnAddress
from returns.services.promising import Terms, write_policy
from staff.models import Delegation

SINCE: Final = timedelta(days=210)
POLICIES: Final = (
    (
        "phones",
        Terms(
            name="Phones: a person authorizes, one year of warranty",
            name_zh="手机：人工审核，保修一年",
            category="electronics/phones",
            warranty_months=12,
            is_automatic=False,
        ),
    ),
    (
        "warranty",
        Terms(
            name="Electronics: one year of warranty",
            name_zh="数码家电：保修一年",
            category="electronics",
            warranty_months=12,
        ),
    ),
    (
        "vip",
        Terms(
            name="VIP: 30 days to return, postage on us",
            name_zh="VIP会员：30天退货，运费由我们承担",
            category="apparel",
            tier="vip",
            window_days=30,
            is_return_free=True,
        ),
    ),
    (
        "europe",
        Terms(
            name="Europe: 30 days to return",
            name_zh="欧洲站：30天退货",
            market="IE",
            window_days=30,
            refunds_delivery_fee=True,
        ),
    ),
)
ADDRESSES: Final = (
    ("hangzhou", "CN", "岚野退货仓", "0571-8888 0101", "浙江省杭州市余杭区仓前街道仓溪路18号3号库"),
    ("dublin", "IE", "Lanye Returns", "+353 20 910 0101", "Unit 7, Dock Road, Dublin D01 X2P3, IE"),
)
# (code, English, Chinese, means, currency, most, per customer, budget)
CATALOGUE: Final = (
    ("coupon-20", "Coupon of 20 yuan", "20元优惠券", "coupon", "CNY", 20, 60, 2000),
    ("points-500", "500 points", "500积分", "points", "CNY", 5, 20, 500),
    ("delay-cash", "Cash for late delivery", "延误现金补偿", "cash", "CNY", 50, 100, 600),
    ("coupon-5-eu", "Voucher of 5 euro", "5欧元优惠券", "coupon", "EUR", 5, 15, 300),
)


def make_promises(cast: Cast) -> None:
    """Settings of the desk as its administrator made them when it began."""
    administrator = cast["yu.qian"]
    founded = cast.today - SINCE
    with telling(founded), entering(Source.ADMIN):
        for code, terms in POLICIES:
            write_policy(code, terms, actor=administrator, effective_from=founded)
        with acting(administrator):
            for code, market, recipient, phone, address in ADDRESSES:
                ReturnAddress(
                    code=code, market=market, recipient=recipient, phone=phone, address=address
                ).save()
            for code, name, name_zh, means, currency, most, cap, budget in CATALOGUE:
                Compensation(
                    code=code,
                    name=name,
                    name_zh=name_zh,
                    means=means,
                    currency=currency,
                    most=Decimal(most),
                    customer_cap=Decimal(cap),
                    budget=Decimal(budget),
                ).save()


def delegate(cast: Cast) -> Delegation:
    """The lead of repairs is away for two weeks and lets the lead of the desk decide small sums."""
    giver = cast["jiaming.zhu"]
    given_at = cast.today - timedelta(days=9)
    with telling(given_at), entering(Source.ADMIN), acting(giver, "外出培训两周"):
        delegation = Delegation(
            giver=giver,
            delegate=cast["xiaolan.gu"],
            starts_at=given_at,
            ends_at=cast.today + timedelta(days=5),
            limit=Decimal(2000),
            currency="CNY",
            reason="外出培训两周",
        )
        delegation.save()
    return delegation
