"""What stands before the first case: the firm, its people, shops, categories and tools."""
# ruff: noqa: E501 -- a reply is read as one line, as it is sent

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

from django.contrib.auth.hashers import make_password

from aftersales.demo.catalog import CATEGORIES, SHOPS
from aftersales.demo.logins import roles_of
from aftersales.demo.people import STAFF, StaffMember
from aftersales.demo.rows import Batch, Row, Stamp
from aftersales.kernel.context import Source
from customers.models import Shop
from staff.models import Department, Language, Team, User
from staff.roles import Role
from tickets.models import Category, Macro, SavedReply, Tag

LANGUAGES: Final = {"zh": Language.ZH.value, "en": Language.EN.value}

DEPARTMENTS: Final = (
    ("service", "Customer service", "客户服务部"),
    ("logistics", "Logistics", "物流部"),
    ("warehouse", "Warehouse", "仓储部"),
    ("quality", "Quality", "质检部"),
    ("supply", "Supply", "供应链部"),
    ("technical", "Technical support", "技术支持部"),
    ("finance", "Finance", "财务部"),
    ("marketing", "Marketing", "市场部"),
    ("legal", "Legal and audit", "法务审计部"),
)
TEAMS: Final = (
    ("service-apparel", "service", "Apparel team", "服饰组"),
    ("service-digital", "service", "Digital team", "数码组"),
    ("service-europe", "service", "Europe team", "欧洲组"),
    ("logistics-claims", "logistics", "Parcel claims", "快递理赔组"),
    ("warehouse-returns", "warehouse", "Returns dock", "退货组"),
    ("quality-lab", "quality", "Test lab", "检测室"),
    ("technical-repair", "technical", "Repair desk", "维修组"),
    ("finance-refunds", "finance", "Refunds", "退款组"),
)
TEAM_OF_SHOP: Final = {
    "lanye-cn": "service-apparel",
    "jianmu-cn": "service-digital",
    "lanye-eu": "service-europe",
    "jianmu-eu": "service-europe",
}
# First step of a category's path, or the whole path: the department that usually has such cases.
USUAL_DEPARTMENT: Final = {
    "product_quality": "service",
    "logistics": "logistics",
    "service": "service",
    "service/repair": "technical",
    "order": "service",
    "product_info": "service",
    "technical": "technical",
}
TAGS: Final = (
    "safety", "batch-defect", "vip", "refund-dispute", "platform-complaint", "carrier-claim",
    "photo-missing", "双十一", "返修", "物流异常",
)  # fmt: skip
REPLIES: Final = (
    ("received", "We are on it", "已收到，处理中",
     "Hello {{ customer }},\n\nthank you for letting us know. I am looking into {{ number }} right now and will write again today.\n\n{{ agent }}",
     "{{ customer }}您好，您反馈的问题（{{ number }}）我已经在处理，今天内给您回复。\n{{ agent }}"),
    ("photos", "Please send photos", "请提供照片",
     "Hello {{ customer }},\n\ncould you send us two photos of order {{ order }}, one of the whole article and one close-up of the spot? That helps us decide quickly.\n\n{{ agent }}",
     "{{ customer }}您好，麻烦您拍两张订单{{ order }}的商品照片（整体一张、问题部位一张），我们会尽快为您判定。\n{{ agent }}"),
    ("return-address", "How to send it back", "退货地址",
     "Hello {{ customer }},\n\nplease put the article back into its packaging and hand it to the driver; the label for {{ order }} is in this mail. You pay nothing.\n\n{{ agent }}",
     "{{ customer }}您好，请将订单{{ order }}的商品连同包装一起交给上门取件的快递员，运费由我们承担。\n{{ agent }}"),
    ("refund-on-its-way", "Refund on its way", "退款已发起",
     "Hello {{ customer }},\n\nthe refund for {{ order }} is on its way; your bank shows it within three to five working days.\n\n{{ agent }}",
     "{{ customer }}您好，订单{{ order }}的退款已经发起，1–5个工作日原路到账，请留意。\n{{ agent }}"),
    ("parcel-search", "We are looking for the parcel", "正在查件",
     "Hello {{ customer }},\n\nwe have asked the carrier to search for the parcel of {{ order }} and expect an answer within two days.\n\n{{ agent }}",
     "{{ customer }}您好，已经向快递公司提交订单{{ order }}的查件申请，预计两天内有结果，第一时间告诉您。\n{{ agent }}"),
    ("sorry", "Apology", "致歉",
     "Hello {{ customer }},\n\nI am sorry for the trouble. This should not have happened, and I will see to {{ number }} myself until it is settled.\n\n{{ agent }}",
     "{{ customer }}您好，非常抱歉给您带来不便，{{ number }}由我全程跟进，直到为您处理好。\n{{ agent }}"),
)  # fmt: skip
MACROS: Final = (
    ("Ask for photos and wait", "索要照片并等待", "photos", {"set_status": "pending", "assign_to_me": True}),
    ("Parcel search", "发起查件", "parcel-search",
     {"set_status": "on_hold", "add_tags": ["物流异常"], "follow_up_kind": "check", "follow_up_days": 2}),
    ("Safety first", "安全事件升级", "sorry",
     {"set_priority": "urgent", "add_tags": ["safety"], "follow_up_kind": "call_back", "follow_up_days": 1}),
    ("Offer return", "提议退货退款", "return-address", {"propose_remedy": "return", "assign_to_me": True}),
    ("Call back tomorrow", "明天回访", None, {"follow_up_kind": "call_back", "follow_up_days": 1}),
)  # fmt: skip


@dataclass(slots=True)
class Ground:
    """What cases are built on, by code; people as rows with the name the trail keeps."""

    system: Row
    api: Row
    departments: dict[str, Row] = field(default_factory=dict)
    teams: dict[str, Row] = field(default_factory=dict)
    people: dict[str, list[Row]] = field(default_factory=dict)
    leads: dict[str, Row] = field(default_factory=dict)
    shops: dict[str, Row] = field(default_factory=dict)
    categories: dict[str, Row] = field(default_factory=dict)

    def department_of(self, category: str) -> str:
        """The code of the department that usually has cases of a category."""
        first = category.partition("/")[0]
        return USUAL_DEPARTMENT.get(category, USUAL_DEPARTMENT[first])

    def agent(self, rng: Random, department: str) -> Row:
        """Somebody of a department, preferring those who are not the lead."""
        members = self.people[department]
        return rng.choice(members[1:] or members)


def audit_name(user: Row) -> str:
    return f"{user['display_name']} ({user['username']})"


def by(user: Row, source: str, at: datetime, reason: str = "", request_id: str = "") -> Stamp:
    """The signature of a person or machine."""
    return Stamp(user["id"], audit_name(user), source, at, reason, request_id)


def lay_ground(
    batch: Batch, rng: Random, machine: User, founded: datetime, password: str
) -> Ground:
    """Add everything to the batch as set up by the administrator on the day of `founded`.

    `password` is everybody's, hashed.
    """
    system = {"id": machine.pk, "username": machine.username, "display_name": machine.display_name}
    ground = Ground(system=system, api={})

    def add(model: Any, values: dict[str, Any], user: Row | None = None) -> Row:
        signature = by(user or ground.system, Source.ADMIN, founded)
        return batch[model].add(values, signature, new_change_id(rng))

    for code, name, name_zh in DEPARTMENTS:
        values = {"code": code, "name": name, "name_zh": name_zh, "kind": code}
        ground.departments[code] = add(Department, values)
    for code, department, name, name_zh in TEAMS:
        home = ground.departments[department]["id"]
        values = {"code": code, "name": name, "name_zh": name_zh, "department_id": home}
        ground.teams[code] = add(Team, values)
    hire(ground, add, founded, password)
    administrator = ground.people["technical"][0]
    open_shops(ground, lambda model, values: add(model, values, administrator))
    stock_tools(ground, lambda model, values: add(model, values, administrator))
    return ground


def hire(ground: Ground, add: Callable[..., Row], founded: datetime, password: str) -> None:
    """The staff, and the shop system's service account, which nobody can sign in with."""
    seats: dict[str, list[str]] = {}
    for code, department, *_names in TEAMS:
        seats.setdefault(department, []).append(code)
    for index, member in enumerate(STAFF):
        codes = seats.get(member.department)
        team = ground.teams[codes[index % len(codes)]]["id"] if codes else None
        row = add(
            User, person(member, ground, team) | {"password": password, "date_joined": founded}
        )
        ground.people.setdefault(member.department, []).append(row)
        if Role.LEAD in row["roles"]:
            ground.leads[member.department] = row
    ground.api = add(
        User,
        {
            "username": "shop-system",
            "display_name": "Shop system",
            "password": make_password(None),
            "roles": ["service_account"],
            "date_joined": founded,
        },
    )


def person(member: StaffMember, ground: Ground, team: int | None) -> Row:
    return {
        "username": member.username,
        "first_name": member.name_en.partition(" ")[0],
        "last_name": member.name_en.partition(" ")[2],
        "email": f"{member.username}@desk.example",
        "display_name": f"{member.name_zh} {member.name_en}",
        "roles": roles_of(member.username, member.department),
        "department_id": ground.departments[member.department]["id"],
        "team_id": team,
        "works_in": [Language.ZH.value, Language.EN.value],
    }


def open_shops(ground: Ground, add: Callable[..., Row]) -> None:
    for shop in SHOPS:
        ground.shops[shop.code] = add(
            Shop,
            {
                "code": shop.code,
                "name": shop.name_en,
                "name_zh": shop.name_zh,
                "market": "CN" if shop.language == "zh" else "IE",
                "currency": shop.currency,
                "language": LANGUAGES[shop.language],
                "support_mail": shop.support_email,
            },
        )
    for path, name, name_zh, parent in CATEGORIES:
        values = {
            "path": path,
            "name": name,
            "name_zh": name_zh,
            "parent_id": ground.categories[parent]["id"] if parent else None,
            "department_id": ground.departments[ground.department_of(path)]["id"],
        }
        ground.categories[path] = add(Category, values)


def stock_tools(ground: Ground, add: Callable[..., Row]) -> None:
    """Tags, saved replies and macros."""
    for slug in TAGS:
        add(Tag, {"slug": slug})
    replies: dict[str | None, Row] = {}
    for position, (code, name, name_zh, body, body_zh) in enumerate(REPLIES, 1):
        values = {"name": name, "name_zh": name_zh, "position": position * 10}
        values |= {"shortcut": code, "body": body, "body_zh": body_zh}
        replies[code] = add(SavedReply, values)
    for position, (name, name_zh, shortcut, steps) in enumerate(MACROS, 1):
        values = {"name": name, "name_zh": name_zh, "position": position * 10, **steps}
        add(Macro, values | {"reply_id": replies[shortcut]["id"] if shortcut else None})


def new_change_id(rng: Random) -> str:
    return f"{rng.getrandbits(128):032x}"


GROUND_MODELS: Final = (Department, Team, User, Shop, Category, Tag, SavedReply, Macro)
