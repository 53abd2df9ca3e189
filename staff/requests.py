"""Who is behind a request, as the type the services take."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from staff.models import User


def person(request: HttpRequest) -> User:
    """The signed-in user; raises ``PermissionDenied`` without one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
