"""What customers write first when goods are to come back or money is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and message in both languages, and the topic they belong to."""

    category: str
    subject_zh: str
    subject_en: str
    body_zh: str
    body_en: str


FIRST_WORDS: Final = {
    "changed_mind": Words(
        "service",
        "{name}想退货",
        "I would like to return the {name}",
        "您好，订单{order}里的{name}收到后觉得不太适合，没有用过，吊牌和包装都在，想申请七日无理由退货。",
        "Hello, the {name} from order {order} is not what I need after all. It is unused and in its"
        " box. I would like to send it back.",
    ),
    "does_not_fit": Words(
        "product_quality/size_fit",
        "{name}尺码不合适",
        "The {name} does not fit",
        "订单{order}的{name}试了一下偏小，没有下水也没有剪吊牌，想退掉或者换大一码。",
        "I tried on the {name} from order {order} and it is too small. The tags are still on. Can I"
        " return or exchange it?",
    ),
    "defect": Words(
        "product_quality/defect",
        "{name}有质量问题",
        "The {name} is faulty",
        "订单{order}的{name}刚用就坏了，按说明书试过还是不行，请尽快处理。",
        "The {name} from order {order} stopped working almost at once. I followed the manual, no"
        " luck. Please put this right.",
    ),
    "repair": Words(
        "service/repair",
        "{name}需要维修",
        "The {name} needs a repair",
        "订单{order}的{name}用了一段时间出现故障，想寄回维修，请告诉我怎么操作、要不要收费。",
        "The {name} from order {order} has developed a fault. Can you repair it, and what would it"
        " cost?",
    ),
    "not_as_described": Words(
        "product_quality/color",
        "{name}和描述不符",
        "The {name} is not as described",
        "订单{order}的{name}颜色和材质跟页面写的不一样，要求退货退款。",
        "Color and material of the {name} from order {order} differ from your page. I want my money"
        " back.",
    ),
    "wrong_item": Words(
        "product_quality/wrong_item",
        "发错货了，不是{name}",
        "You sent something else than the {name}",
        "订单{order}买的是{name}，收到的却是别的东西，麻烦给我换成正确的。",
        "I ordered the {name} (order {order}) and got something else. Please send the right one.",
    ),
    "missing_part": Words(
        "product_quality/missing_part",
        "{name}少配件",
        "A part of the {name} is missing",
        "订单{order}的{name}打开后发现少了配件，麻烦补发。",
        "A part of the {name} from order {order} was missing. Please send it.",
    ),
    "damaged": Words(
        "product_quality/damage",
        "{name}到货破损",
        "The {name} arrived damaged",
        "订单{order}收到时外箱就压坏了，{name}也有破损，照片已上传。",
        "The box of order {order} was crushed and the {name} is damaged. See my photos.",
    ),
    "not_received": Words(
        "logistics/not_received",
        "{name}一直没收到",
        "The {name} never arrived",
        "订单{order}显示在路上很久了，{name}到现在也没收到，请补发或退款。",
        "Order {order} has been on its way for ages and the {name} has not arrived. Please send it"
        " again or refund me.",
    ),
    "price": Words(
        "order/price",
        "{name}买完就降价",
        "The {name} got cheaper right after I bought it",
        "订单{order}的{name}刚下单第二天就降价了，申请保价退差。",
        "The price of the {name} (order {order}) dropped the day after. Please refund the"
        " difference.",
    ),
    "late": Words(
        "logistics/late",
        "{name}送得太慢",
        "The {name} came far too late",
        "订单{order}的{name}比承诺的时间晚了好几天，影响我使用，希望有个说法。",
        "The {name} from order {order} came days later than promised. I expect something for that.",
    ),
}
