"""Invented shops, products, carriers and the category tree of cases.

Everything is data of the demo: names are made up, only carriers are real firms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final, Literal

Language = Literal["zh", "en"]

# (code, name_en, name_zh, parent_code); a parent always stands before its children.
CATEGORIES: Final[tuple[tuple[str, str, str, str | None], ...]] = (
    ("product_quality", "Product quality", "商品质量", None),
    ("product_quality/damage", "Damaged on arrival", "到货破损", "product_quality"),
    ("product_quality/defect", "Defect", "质量故障", "product_quality"),
    ("product_quality/size_fit", "Size and fit", "尺码不合", "product_quality"),
    ("product_quality/color", "Color", "色差掉色", "product_quality"),
    ("product_quality/wrong_item", "Wrong item", "发错货", "product_quality"),
    ("product_quality/missing_part", "Missing part", "少件漏发", "product_quality"),
    ("product_quality/safety", "Safety", "安全隐患", "product_quality"),
    ("logistics", "Logistics", "物流配送", None),
    ("logistics/late", "Late parcel", "物流超时", "logistics"),
    ("logistics/lost", "Lost parcel", "快递丢件", "logistics"),
    ("logistics/not_received", "Delivered, not received", "显示签收未收到", "logistics"),
    ("logistics/damaged_parcel", "Damaged parcel", "外包装破损", "logistics"),
    ("logistics/courier", "Courier service", "快递员服务", "logistics"),
    ("service", "After-sales service", "售后服务", None),
    ("service/attitude", "Attitude", "服务态度", "service"),
    ("service/slow_reply", "Slow reply", "回复慢", "service"),
    ("service/refund_delay", "Refund delay", "退款慢", "service"),
    ("service/repair", "Repair", "维修服务", "service"),
    ("order", "Order", "订单", None),
    ("order/cancel", "Cancellation", "取消退订", "order"),
    ("order/change", "Change of order", "修改订单", "order"),
    ("order/invoice", "Invoice", "发票", "order"),
    ("order/price", "Price", "价格", "order"),
    ("order/duplicate", "Duplicate", "重复下单发货", "order"),
    ("product_info", "Product information", "商品咨询", None),
    ("product_info/how_to", "How to use", "使用方法", "product_info"),
    ("product_info/size_advice", "Size advice", "尺码推荐", "product_info"),
    ("product_info/availability", "Availability", "到货补货", "product_info"),
    ("technical", "Technical", "技术问题", None),
    ("technical/app", "App", "客户端", "technical"),
    ("technical/payment", "Payment", "支付", "technical"),
    ("technical/account", "Account", "账号", "technical"),
)

COLORS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "fashion": (
        ("黑色", "black"),
        ("藏青色", "navy"),
        ("米白色", "off-white"),
        ("卡其色", "khaki"),
        ("雾霾蓝", "dusty blue"),
        ("军绿色", "olive"),
        ("浅灰色", "light grey"),
        ("酒红色", "burgundy"),
    ),
    "electronics": (
        ("黑色", "black"),
        ("白色", "white"),
        ("银色", "silver"),
        ("深空蓝", "midnight blue"),
    ),
}
CLOTHES_SIZES: Final = ("S", "M", "L", "XL", "XXL")
SHOE_SIZES: Final = ("36", "37", "38", "39", "40", "41", "42", "43", "44")


@dataclass(frozen=True, slots=True)
class Shop:
    """A web shop; `assortment` names the part of the catalog it sells."""

    code: str
    name_zh: str
    name_en: str
    language: Language
    currency: str
    support_email: str
    assortment: str


@dataclass(frozen=True, slots=True)
class Product:
    """An article as sold in one shop; `price` is in the currency of that shop.

    `flags` are what return rules ask for (`activated`, `sealed`, `intimate`); `traits` say
    which stories can happen to it (`zip`, `battery`, `earphone`, …).
    """

    sku: str
    shop: str
    category: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    measure_zh: str
    is_plural_en: bool
    price: Decimal
    currency: str
    part_zh: str
    part_en: str
    flags: frozenset[str]
    traits: frozenset[str]

    @property
    def group(self) -> str:
        """First step of the category path: apparel, shoes, electronics or accessories."""
        return self.category.partition("/")[0]

    @property
    def sizes(self) -> Sequence[str]:
        """Sizes it is sold in; one size fits nobody in particular for electronics."""
        return SHOE_SIZES if self.group == "shoes" else CLOTHES_SIZES

    @property
    def colors(self) -> tuple[tuple[str, str], ...]:
        """Colors it is sold in, as (Chinese, English)."""
        return COLORS["electronics" if self.group == "electronics" else "fashion"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A parcel carrier with the look of its tracking numbers: prefix, then random digits."""

    code: str
    name_zh: str
    name_en: str
    prefix: str
    digits: int
    markets: frozenset[Language]

    def tracking_number(self, rng: Random) -> str:
        """Invent a well-formed tracking number."""
        return f"{self.prefix}{rng.randrange(10**self.digits):0{self.digits}d}"


SHOPS: Final = (
    Shop("lanye-cn", "岚野服饰旗舰店", "Lanye Apparel China", "zh", "CNY",
         "kefu@lanye.example.com", "fashion"),
    Shop("jianmu-cn", "简幕数码专营店", "Jianmu Digital China", "zh", "CNY",
         "shouhou@jianmu.example.com", "electronics"),
    Shop("lanye-eu", "岚野服饰欧洲站", "Lanye Apparel Europe", "en", "EUR",
         "help@lanye-eu.example.com", "fashion"),
    Shop("jianmu-eu", "简幕数码欧洲站", "Jianmu Digital Europe", "en", "EUR",
         "support@jianmu-eu.example.com", "electronics"),
)  # fmt: skip

CARRIERS: Final = (
    Carrier("SF", "顺丰", "SF Express", "SF", 13, frozenset({"zh"})),
    Carrier("YTO", "圆通", "YTO Express", "YT", 13, frozenset({"zh"})),
    Carrier("ZTO", "中通", "ZTO Express", "78", 12, frozenset({"zh"})),
    Carrier("JD", "京东快递", "JD Logistics", "JDVA", 11, frozenset({"zh"})),
    Carrier("DHL", "DHL", "DHL", "JJD", 18, frozenset({"en"})),
)

# sku | category | zh name | short | measure | en name | short | CNY | zh part | en part | traits
# An English short name with a leading "+" is plural; "!" marks a flag among the traits.
_ROWS: Final = """
LJ101|apparel/jackets|轻量防风冲锋衣|冲锋衣|件|Lightweight windproof shell jacket|shell jacket|459|可拆卸帽子|detachable hood|cloth zip dyed size
LJ102|apparel/jackets|立领短款羽绒服|羽绒服|件|Cropped down jacket|down jacket|699|收纳袋|storage pouch|cloth zip size
LJ103|apparel/jackets|长款连帽羽绒服|长款羽绒服|件|Long hooded down coat|down coat|1099|毛领|fur collar|cloth zip size
LJ104|apparel/jackets|复古工装牛仔外套|牛仔外套|件|Retro denim work jacket|denim jacket|369|备用纽扣|spare buttons|cloth dyed size
LJ105|apparel/jackets|双面羊毛呢大衣|大衣|件|Double-faced wool coat|wool coat|1280|腰带|belt|cloth knit size
LJ106|apparel/jackets|加绒摇粒绒外套|摇粒绒外套|件|Fleece-lined zip jacket|fleece|229|备用拉链头|spare zip pull|cloth zip knit size
LT201|apparel/tops|纯棉圆领短袖T恤|T恤|件|Cotton crew-neck T-shirt|T-shirt|89|第二件T恤|second T-shirt of the two-pack|cloth dyed size
LT202|apparel/tops|宽松连帽卫衣|卫衣|件|Relaxed hooded sweatshirt|hoodie|199|帽绳|drawstring|cloth knit dyed size
LT203|apparel/tops|半高领羊毛衫|羊毛衫|件|Mock-neck wool jumper|jumper|329|备用纱线|spare yarn|cloth knit size
LT204|apparel/tops|免烫商务衬衫|衬衫|件|Non-iron business shirt|shirt|259|领撑|collar stays|cloth size
LT205|apparel/tops|法式雪纺衬衫|雪纺衫|件|French-style chiffon blouse|blouse|239|丝带领结|ribbon tie|cloth size
LP301|apparel/trousers|直筒高腰牛仔裤|牛仔裤|条|High-waist straight jeans|+jeans|279|皮带|belt|cloth zip dyed size
LP302|apparel/trousers|束脚运动裤|运动裤|条|Tapered track pants|+track pants|169|裤绳|drawstring|cloth zip size
LP303|apparel/trousers|加绒加厚打底裤|打底裤|条|Thermal leggings|+leggings|99|第二条|second pair of the two-pack|cloth dyed size
LD401|apparel/dresses|收腰碎花连衣裙|连衣裙|条|Belted floral dress|dress|319|腰带|belt|cloth zip dyed size
LD402|apparel/dresses|针织半身裙|半身裙|条|Knitted midi skirt|skirt|189|内衬裙|lining|cloth knit size
LU501|apparel/underwear|无痕纯棉内裤三条装|内裤|盒|Seamless cotton briefs, three-pack|+briefs|79|第三条|third pair|cloth size !intimate !sealed
LU502|apparel/underwear|运动防震文胸|运动文胸|件|High-support sports bra|sports bra|149|胸垫|removable pads|cloth size !intimate
LU503|apparel/underwear|恒温保暖内衣套装|保暖内衣|套|Thermal underwear set|thermal set|259|裤子|bottoms|cloth knit size !intimate
LS601|shoes/sneakers|透气网面跑步鞋|跑鞋|双|Breathable mesh running shoes|+running shoes|399|备用鞋带|spare laces|shoe size
LS602|shoes/sneakers|复古厚底板鞋|板鞋|双|Retro platform sneakers|+sneakers|329|鞋带|laces|shoe size dyed
LS603|shoes/boots|英伦切尔西短靴|短靴|双|Chelsea ankle boots|+ankle boots|599|防尘袋|dust bag|shoe size zip
LS604|shoes/boots|防水徒步登山鞋|登山鞋|双|Waterproof hiking boots|+hiking boots|659|鞋垫|insoles|shoe size
LS605|shoes/leather|头层牛皮商务皮鞋|皮鞋|双|Leather Derby shoes|+Derby shoes|729|鞋拔|shoehorn|shoe size
LS606|shoes/sandals|软底防滑凉拖|凉拖|双|Soft non-slip slides|+slides|89|鞋盒|shoe box|shoe size
LA701|accessories/bags|大容量通勤双肩包|双肩包|个|Commuter backpack|backpack|299|雨罩|rain cover|bag zip
LA702|accessories/bags|帆布单肩托特包|帆布包|个|Canvas tote bag|tote bag|159|内胆小包|inner pouch|bag zip dyed
LA703|accessories/hats|羊毛针织帽|针织帽|顶|Wool beanie|beanie|109|毛球|pompom|knit dyed
LA704|accessories/scarves|格纹羊绒围巾|围巾|条|Checked cashmere scarf|scarf|389|礼盒|gift box|knit dyed
LA705|accessories/luggage|20寸静音登机箱|登机箱|个|20-inch cabin case|cabin case|499|箱套|cover|zip
JE101|electronics/phones|6.7英寸5G智能手机 256G|手机|台|6.7-inch 5G smartphone 256 GB|phone|2999|取卡针|SIM pin|power battery screen app !activated !sealed
JE102|electronics/tablets|11英寸学习平板|平板|台|11-inch tablet|tablet|1899|手写笔|stylus|power battery screen app !activated
JE103|electronics/watches|血氧运动智能手表|手表|块|Fitness smartwatch|smartwatch|899|第二条表带|second strap|power battery screen app !activated
JE104|electronics/watches|儿童定位电话手表|电话手表|块|Kids' GPS watch|kids' watch|599|充电底座|charging dock|power battery screen app !activated
JE201|electronics/audio|主动降噪蓝牙耳机|耳机|副|Noise-cancelling earbuds|+earbuds|499|耳塞套|ear tips|power battery earphone app !intimate
JE202|electronics/audio|头戴式无线耳机|头戴耳机|副|Wireless over-ear headphones|+headphones|799|音频线|audio cable|power battery earphone app
JE203|electronics/audio|便携防水蓝牙音箱|蓝牙音箱|个|Waterproof Bluetooth speaker|speaker|299|挂绳|strap|power battery app
JE301|electronics/charging|65W氮化镓充电器|充电器|个|65 W GaN charger|charger|129|C口数据线|USB-C cable|power charger
JE302|electronics/charging|20000毫安快充充电宝|充电宝|个|20,000 mAh power bank|power bank|169|收纳袋|pouch|power battery charger
JE303|electronics/charging|三合一无线充电座|无线充|个|3-in-1 wireless charging stand|charging stand|239|电源适配器|power adapter|power charger
JE401|electronics/home|家用空气炸锅 5L|空气炸锅|台|5 L air fryer|air fryer|399|烤架|rack|power charger
JE402|electronics/home|护眼LED台灯|台灯|盏|Eye-care LED desk lamp|desk lamp|189|适配器|adapter|power charger
JE403|electronics/home|智能扫地机器人|扫地机|台|Robot vacuum|robot vacuum|1699|边刷|side brush|power battery app
JE404|electronics/computers|87键机械键盘|键盘|个|87-key mechanical keyboard|keyboard|349|拔键器|keycap puller|power battery
JA501|accessories/phone|磁吸手机壳|手机壳|个|Magnetic phone case|phone case|59|挂绳|lanyard|case
JA502|accessories/phone|钢化膜两片装|钢化膜|盒|Tempered glass, two-pack|screen protector|39|贴膜神器|alignment tool|case !sealed
"""  # noqa: E501 -- a table is read by columns


def _product(row: str, shop: Shop) -> Product:
    sku, category, name_zh, short_zh, measure, name_en, short_en, cny, part_zh, part_en, words = (
        row.split("|")
    )
    marks = words.split()
    is_euro = shop.currency == "EUR"
    price = Decimal(int(cny) // 7) + Decimal("0.90") if is_euro else Decimal(cny)
    return Product(
        sku=f"{sku}-EU" if is_euro else sku,
        shop=shop.code,
        category=category,
        name_zh=name_zh,
        name_en=name_en,
        short_zh=short_zh,
        short_en=short_en.removeprefix("+"),
        measure_zh=measure,
        is_plural_en=short_en.startswith("+"),
        price=price.quantize(Decimal("0.01")),
        currency=shop.currency,
        part_zh=part_zh,
        part_en=part_en,
        flags=frozenset(mark[1:] for mark in marks if mark.startswith("!")),
        traits=frozenset(mark for mark in marks if not mark.startswith("!")),
    )


def _products_of(shop: Shop) -> tuple[Product, ...]:
    prefix = "L" if shop.assortment == "fashion" else "J"
    rows = _ROWS.strip().splitlines()
    return tuple(_product(row, shop) for row in rows if row.startswith(prefix))


PRODUCTS_BY_SHOP: Final = {shop.code: _products_of(shop) for shop in SHOPS}
PRODUCTS: Final = tuple(product for sold in PRODUCTS_BY_SHOP.values() for product in sold)
_CARRIERS_BY_LANGUAGE: Final[dict[Language, tuple[Carrier, ...]]] = {
    "zh": tuple(carrier for carrier in CARRIERS if "zh" in carrier.markets),
    "en": tuple(carrier for carrier in CARRIERS if "en" in carrier.markets),
}


def pick_carrier(rng: Random, language: Language) -> Carrier:
    """Choose a carrier that delivers in the market of that language."""
    return rng.choice(_CARRIERS_BY_LANGUAGE[language])


def carrier_of(tracking_number: str) -> Carrier | None:
    """Recognize the carrier by the prefix of a tracking number of ours."""
    for carrier in CARRIERS:
        if tracking_number.startswith(carrier.prefix):
            return carrier
    return None


def order_number(shop: Shop, serial: int) -> str:
    """Number of the shop's `serial`-th order: 16 digits in China, short with letters in Europe."""
    if shop.currency == "CNY":
        lead = "36" if shop.assortment == "fashion" else "52"
        return f"{lead}{serial * 48_271 % 10**12:012d}{serial % 97:02d}"
    return f"{'LY' if shop.assortment == 'fashion' else 'JM'}-{200_000 + serial}"
