"""One login per role of the demo; printed by `make demo` and shown on its sign-in page only."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from aftersales.demo.people import STAFF
from staff.roles import Role

PASSWORD: Final = "after-sales"  # noqa: S105 -- of the demo, which listens on this machine only

# What the login shows of the desk, and who has it; names are those of `people.STAFF`.
_LOGINS: Final = (
    (gettext_noop("Service agent"), "ruolin.fang"),
    (gettext_noop("Logistics agent"), "li.gong"),
    (gettext_noop("Department lead"), "xiaolan.gu"),
    (gettext_noop("Warehouse"), "jianjun.duan"),
    (gettext_noop("Quality"), "wenjing.li"),
    (gettext_noop("Finance"), "shuhua.yin"),
    (gettext_noop("Supplier desk"), "limin.chang"),
    (gettext_noop("Auditor"), "zhengping.yan"),
    (gettext_noop("Administrator"), "yu.qian"),
)

# Roles of a department's people; a lead holds the lead's role besides.
ROLES_OF_DEPARTMENT: Final[dict[str, tuple[Role, ...]]] = {
    "service": (Role.AGENT,),
    "logistics": (Role.AGENT,),
    "warehouse": (Role.WAREHOUSE,),
    "quality": (Role.QUALITY,),
    "supply": (Role.SUPPLIER_DESK,),
    "technical": (Role.AGENT,),
    "finance": (Role.FINANCE,),
    "marketing": (Role.AGENT,),
    "legal": (Role.AUDITOR,),
}
_SPECIAL: Final[dict[str, tuple[Role, ...]]] = {
    "xiaolan.gu": (Role.AGENT, Role.LEAD),
    "zhiyuan.he": (Role.AGENT, Role.LEAD),
    "dayong.hou": (Role.WAREHOUSE, Role.LEAD),
    "fan.meng": (Role.QUALITY, Role.LEAD),
    "xiaomei.wu": (Role.SUPPLIER_DESK, Role.LEAD),
    "jiaming.zhu": (Role.AGENT, Role.LEAD),
    "liang.hong": (Role.FINANCE, Role.LEAD),
    "sisi.ruan": (Role.AGENT, Role.LEAD),
    "yu.qian": (Role.ADMINISTRATOR,),
}


def roles_of(username: str, department: str) -> list[str]:
    """The roles a member of the demo's staff holds."""
    return [str(role) for role in _SPECIAL.get(username, ROLES_OF_DEPARTMENT[department])]


def demo_logins() -> list[tuple[str, str, str]]:
    """(role in words, username, password), one per role a person can have."""
    known = {member.username for member in STAFF}
    return [(label, name, PASSWORD) for label, name in _LOGINS if name in known]
