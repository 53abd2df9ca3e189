"""Invented customers and staff, Chinese and English.

Mail addresses lie under the reserved example domains. Phone numbers are well-formed and
unassigned: Chinese ones use the 154 segment, Irish ones the 020 91 range set aside for drama,
and beyond 100,000 people North American ones use area codes kept for expansion (N9X).
"""

# ruff: noqa: SIM905 -- names are read by the line
from dataclasses import dataclass
from random import Random
from typing import Final

from aftersales.demo.catalog import Language

_SURNAMES_ZH: Final = """
王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo
何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 冯feng 邓deng 曹cao 彭peng
曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lv
丁ding 沈shen 任ren 姚yao 卢lu 傅fu 钟zhong 姜jiang 崔cui 谭tan 廖liao 范fan 汪wang 陆lu 金jin 石shi
""".split()
_GIVEN_ZH: Final = """
伟wei 芳fang 娜na 敏min 静jing 磊lei 洋yang 艳yan 勇yong 杰jie 涛tao 超chao 霞xia 平ping 刚gang
雨桐yutong 子轩zixuan 欣怡xinyi 浩然haoran 思琪siqi 梓涵zihan 佳怡jiayi 俊杰junjie 晓燕xiaoyan
志强zhiqiang 丽娟lijuan 建国jianguo 秀英xiuying 海燕haiyan 文博wenbo 雪梅xuemei 国栋guodong
嘉豪jiahao 诗雨shiyu 一鸣yiming 婷婷tingting 晓峰xiaofeng 美玲meiling 宇航yuhang 若曦ruoxi
晨曦chenxi 立新lixin 春梅chunmei 小龙xiaolong 倩倩qianqian 明哲mingzhe 可欣kexin 凯文kaiwen
淑芬shufen 佩珊peishan 逸飞yifei 锦程jincheng 语嫣yuyan 天佑tianyou 红梅hongmei 永康yongkang
""".split()
_FIRST_EN: Final = """
Emma Liam Olivia Noah Aoife Conor Sophie Jack Grace Daniel Chloe James Hannah Thomas Ella Ryan
Lucy Adam Maeve Sean Isabelle Oscar Freya Patrick Zara Hugo Megan Callum Nadia Stefan Ingrid
Marek Priya Omar Elena Tomas Ciara Ben Alice George Ruth Simon Katie Declan Mia Joel Nora Felix
""".split()
_LAST_EN: Final = """
Murphy Walsh Byrne Collins Hughes Foster Bennett Clarke Turner Doyle Nolan Hayes Palmer Reid
Kowalski Novak Meyer Jansen Lindqvist Costa Rossi Fischer Larsen Silva Moreau Osei Patel Rahman
Whitfield Ashdown Carver Holloway Pritchard Langley Marlowe Thornbury Kessler Vermeer Donnelly
""".split()

# city, district, postcode
_PLACES_ZH: Final = tuple(
    tuple(line.split())
    for line in """
上海市 浦东新区 200120|上海市 闵行区 201100|北京市 朝阳区 100020|北京市 海淀区 100080
广东省深圳市 南山区 518052|广东省广州市 天河区 510630|浙江省杭州市 余杭区 311100
江苏省南京市 江宁区 211100|江苏省苏州市 吴中区 215128|四川省成都市 武侯区 610041
湖北省武汉市 洪山区 430070|陕西省西安市 雁塔区 710061|山东省青岛市 市北区 266000
湖南省长沙市 岳麓区 410006|福建省厦门市 思明区 361004|重庆市 渝北区 401120
河南省郑州市 金水区 450003|辽宁省沈阳市 和平区 110001|黑龙江省哈尔滨市 南岗区 150006
安徽省合肥市 蜀山区 230031|云南省昆明市 五华区 650032|新疆乌鲁木齐市 天山区 830002
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
_STREETS_ZH: Final = (
    "春晖路", "文昌路", "学府街", "青年大街", "滨河东路", "锦绣大道", "建设二路", "梧桐路",
    "银杏街", "望江路", "新华南路", "星湖街", "创业路", "民主巷", "丰泽路",
)  # fmt: skip
_ESTATES_ZH: Final = (
    "阳光花园", "翠湖名苑", "金色家园", "书香雅居", "锦绣江南", "绿地新里", "枫林小区", "幸福里",
    "云栖公寓", "海棠苑",
)  # fmt: skip
_PLACES_EN: Final = (
    ("Dublin", "D08 X2Y4", "Ireland"), ("Cork", "T12 AB34", "Ireland"),
    ("Galway", "H91 CD56", "Ireland"), ("Limerick", "V94 EF78", "Ireland"),
    ("Waterford", "X91 GH12", "Ireland"), ("Amsterdam", "1012 AB", "Netherlands"),
    ("Berlin", "10115", "Germany"), ("Hamburg", "20095", "Germany"), ("Vienna", "1070", "Austria"),
    ("Lisbon", "1100-100", "Portugal"), ("Valletta", "VLT 1010", "Malta"),
    ("Helsinki", "00100", "Finland"), ("Brussels", "1000", "Belgium"),
)  # fmt: skip
_STREETS_EN: Final = (
    "Mill Lane", "Harbour Street", "Orchard Road", "St. Anne's Terrace", "Station Road",
    "Chapel Hill", "Willow Park", "Quay Street", "Bridge Street", "Meadow Close", "Castle Row",
)  # fmt: skip
_MAIL_DOMAINS: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("mail.example.com", "cn.example.com", "post.example.net"),
    "en": ("example.com", "example.org", "example.net"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with everything that a shop's order carries; unique per `serial` and language."""

    language: Language
    name: str
    phone: str
    email: str
    city: str
    address: str
    postcode: str
    country: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A colleague of a department; `username` is unique."""

    username: str
    name_zh: str
    name_en: str
    department: str
    is_lead: bool


def _split_pinyin(word: str) -> tuple[str, str]:
    cut = next(index for index, letter in enumerate(word) if letter.isascii())
    return word[:cut], word[cut:]


_SURNAMES: Final = tuple(map(_split_pinyin, _SURNAMES_ZH))
_GIVEN: Final = tuple(map(_split_pinyin, _GIVEN_ZH))


def phone_number(language: Language, serial: int) -> str:
    """Well-formed, unassigned, different for every serial below 100,000,000."""
    if language == "zh":
        return f"154{serial * 73_687_871 % 10**8:08d}"
    if serial < 100_000:
        digits = f"{serial * 61_837 % 10**5:05d}"
        return f"+353 20 91{digits[0]} {digits[1:]}"
    area, line = divmod(serial - 100_000, 8_000_000)
    digits = f"{line * 2_718_281 % 8_000_000 + 2_000_000:07d}"
    return f"+1 {area % 8 + 2}9{area // 8 % 10} {digits[:3]} {digits[3:]}"


def make_customer(rng: Random, language: Language, serial: int) -> Person:
    """Invent the `serial`-th customer; phone and mail address are unique per language."""
    domain = rng.choice(_MAIL_DOMAINS[language])
    phone = phone_number(language, serial)
    if language == "zh":
        (surname, sound), (given, given_sound) = rng.choice(_SURNAMES), rng.choice(_GIVEN)
        city, district, postcode = rng.choice(_PLACES_ZH)
        address = (
            f"{city}{district}{rng.choice(_STREETS_ZH)}{rng.randint(1, 988)}号"
            f"{rng.choice(_ESTATES_ZH)}{rng.randint(1, 32)}栋"
            f"{rng.randint(1, 28)}0{rng.randint(1, 4)}室"
        )
        mail = f"{sound}{given_sound}{serial}@{domain}"
        return Person("zh", surname + given, phone, mail, city, address, postcode, "CN")
    first, last = rng.choice(_FIRST_EN), rng.choice(_LAST_EN)
    city, postcode, country = rng.choice(_PLACES_EN)
    flat = f"Apt {rng.randint(1, 40)}, " if rng.random() < 0.35 else ""
    address = f"{flat}{rng.randint(1, 180)} {rng.choice(_STREETS_EN)}, {city} {postcode}, {country}"
    mail = f"{first}.{last}{serial}@{domain}".lower()
    return Person("en", f"{first} {last}", phone, mail, city, address, postcode, country)


# department: pairs of (Chinese name, pinyin as "given surname"); the first one leads.
_STAFF: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "service": (
        ("顾晓岚", "Xiaolan Gu"), ("方若琳", "Ruolin Fang"), ("史一帆", "Yifan Shi"),
        ("骆嘉文", "Jiawen Luo"), ("尹诗涵", "Shihan Yin"), ("戴子昂", "Ziang Dai"),
        ("邹敏慧", "Minhui Zou"), ("白雨晴", "Yuqing Bai"),
    ),
    "logistics": (("贺志远", "Zhiyuan He"), ("龚丽", "Li Gong"), ("万鹏", "Peng Wan")),
    "warehouse": (("段建军", "Jianjun Duan"), ("雷秋菊", "Qiuju Lei"), ("侯大勇", "Dayong Hou")),
    "quality": (("黎文静", "Wenjing Li"), ("孟凡", "Fan Meng")),
    "supply": (("常立民", "Limin Chang"), ("武晓梅", "Xiaomei Wu")),
    "technical": (("钱宇", "Yu Qian"), ("祝家明", "Jiaming Zhu")),
    "finance": (("殷淑华", "Shuhua Yin"), ("施佳", "Jia Shi"), ("洪亮", "Liang Hong")),
    "marketing": (("阮思思", "Sisi Ruan"),),
    "legal": (("严正平", "Zhengping Yan"),),
}  # fmt: skip


def _member(department: str, index: int, names: tuple[str, str]) -> StaffMember:
    name_zh, name_en = names
    return StaffMember(name_en.lower().replace(" ", "."), name_zh, name_en, department, index == 0)


STAFF: Final = tuple(
    _member(department, index, names)
    for department, members in _STAFF.items()
    for index, names in enumerate(members)
)
