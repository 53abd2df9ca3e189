"""Why a line stands on the sheet: legal basis, English, Chinese. Frozen with the sheet."""

from __future__ import annotations

REASONS: dict[str, tuple[str, str, str]] = {
    "goods": (
        "暂行办法 17",
        "{name}: {count} of {bought}, share of the {paid} really paid after all discounts",
        "{name}：共{bought}件退{count}件，按优惠后实付{paid}分摊",
    ),
    "goods_beside": (
        "暂行办法 17",
        "{name}: {count} of {bought}, what is left of the {paid} really paid after {beside} went"
        " back without a return",
        "{name}：共{bought}件退{count}件，实付{paid}中已另行退款{beside}，退还余额",
    ),
    "deduction": (
        "暂行办法 8, 9",
        "{name}: loss of value you agreed to",
        "{name}：经您同意的折价",
    ),
    "outbound_fault": (
        "消费者权益保护法 24",
        "Delivery fee: the fault is ours and everything came back",
        "发货运费：因商品问题全部退回，由我们承担",
    ),
    "outbound_terms": (
        "CRD 13; 店铺承诺",
        "Delivery fee: everything came back",
        "发货运费：全部退回，按约定退还",
    ),
    "postage_fault": (
        "消费者权益保护法 24(2); 暂行办法 18",
        "Your return postage: the fault is ours",
        "退货运费：因商品问题由我们承担",
    ),
    "postage_promise": (
        "暂行办法 18; 店铺承诺",
        "Your return postage, as promised",
        "退货运费：按店铺承诺由我们承担",
    ),
    "free_shipping": (
        "暂行办法 18(2)",
        "Delivery was free for a sum that what you keep no longer reaches",
        "退货后不再满足免运费条件，扣除发货运费",
    ),
    "discount_lost": (
        "暂行办法 17",
        "What you keep no longer earns the discount it was bought with: {kept} at the prices of "
        "the purchase",
        "保留的商品不再满足原优惠条件，按购买时价格{kept}结算",
    ),
    "discount_back": (
        "暂行办法 17",
        "The discount settled anew at the prices of the purchase: more comes back",
        "优惠按购买时价格重新结算，多退",
    ),
    "gift": (
        "暂行办法 12",
        "{name}: the gift stays with you, at its price stated beforehand",
        "{name}：赠品未退回，按事先标明的价格扣除",
    ),
    "price_difference": (
        "换货约定",
        "The replacement costs less",
        "换货商品价格较低，退还差价",
    ),
    "card_fee": (
        "暂行办法 16",
        "Card fee that had been waived for you",
        "此前为您减免的支付手续费",
    ),
    "damages": (
        "消费者权益保护法 55; 食品安全法 148",
        "Statutory damages ({basis}), paid apart",
        "法定赔偿（{basis}），单独支付",
    ),
}
