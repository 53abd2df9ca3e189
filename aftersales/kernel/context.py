"""Who is acting, why, through which door: carried along so that every write can be attributed."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

SYSTEM_USERNAME = "system"


class Source(models.TextChoices):
    """The door a change came through."""

    ADMIN = "admin", _("Desk")
    API = "api", _("API")
    PORTAL = "portal", _("Customer page")
    MAIL = "mail", _("E-mail")
    JOB = "job", _("Background job")
    IMPORT = "import", _("Import")
    SHELL = "shell", _("Command line")


class Actor(Protocol):
    """What the audit trail needs to know of a person or a machine user."""

    @property
    def pk(self) -> int: ...

    @property
    def audit_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NamedActor:
    """Who caused what a job does later, as its arguments say: id and the name of that day."""

    pk: int
    audit_name: str


class Person(Actor, Protocol):
    """What a policy below ``staff`` asks of whoever acts."""

    def has_perm(self, perm: str) -> bool: ...


def is_system(user: Any) -> bool:
    """The machine itself (``staff.services.system_actor``): no role, no login."""
    return user.username == SYSTEM_USERNAME and not user.roles


def actor_words(audit_name: str) -> str:
    """How the trail shows who acted: people as they are kept, the machine in the reader's words."""
    is_machine = audit_name.endswith(f"({SYSTEM_USERNAME})")
    return pgettext("actor", "System") if is_machine else audit_name


@dataclass(frozen=True, slots=True)
class AuditContext:
    """The circumstances of a change; actor is kept as id and as the name of that day."""

    source: str = Source.SHELL
    actor_id: int | None = None
    actor_name: str = ""
    reason: str = ""
    request_id: str = ""
    client_address: str | None = None


_current: ContextVar[AuditContext | None] = ContextVar("audit_context", default=None)


def current() -> AuditContext:
    """The bound context; outside any door it is the operating-system user at a command line."""
    bound = _current.get()
    if bound is not None:
        return bound
    return AuditContext(actor_name=f"{getpass.getuser()} (shell)")


@contextmanager
def bind(context: AuditContext) -> Iterator[AuditContext]:
    """Make a context current for a block: one request, one job, one command."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def entering(source: str, *, request_id: str = "", address: str | None = None) -> Iterator[None]:
    """Open a door: nothing is attributed yet, later services name the actor."""
    with bind(AuditContext(source=source, request_id=request_id, client_address=address)):
        yield


@contextmanager
def acting(actor: Actor, reason: str = "") -> Iterator[None]:
    """Attribute every save in the block to ``actor``; the door and the request stay as they are."""
    changed = replace(
        current(), actor_id=actor.pk, actor_name=actor.audit_name, reason=reason[:500]
    )
    with bind(changed):
        yield
