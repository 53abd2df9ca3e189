"""The people of the desk, how they are organised, and what they are told."""

from staff.models.notices import (
    Channel,
    ChatTarget,
    Notice,
    NoticeDelivery,
    NoticePreference,
    Urgency,
)
from staff.models.people import (
    Absence,
    Delegation,
    Department,
    DepartmentKind,
    Language,
    Team,
    User,
)

__all__ = [
    "Absence",
    "Channel",
    "ChatTarget",
    "Delegation",
    "Department",
    "DepartmentKind",
    "Language",
    "Notice",
    "NoticeDelivery",
    "NoticePreference",
    "Team",
    "Urgency",
    "User",
]
