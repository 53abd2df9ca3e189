"""Every write about people; what they are told is in ``staff.services.notices``."""

from staff.services.people import (
    CHANGEABLE,
    change_user,
    check_not_own,
    check_user,
    create_user,
    deactivate_user,
    end_sessions,
    reactivate_user,
    set_password,
    stored_system_actor,
    system_actor,
)

__all__ = [
    "CHANGEABLE",
    "change_user",
    "check_not_own",
    "check_user",
    "create_user",
    "deactivate_user",
    "end_sessions",
    "reactivate_user",
    "set_password",
    "stored_system_actor",
    "system_actor",
]
