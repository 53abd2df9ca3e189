"""Start-up checks that refuse unsafe settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from aftersales.database import is_embedded

# Brokers that django-q2 prefers to the one on our database.
OTHER_BROKERS = ("broker_class", "iron_mq", "sqs")
# Settings of django-q2 without which its defaults apply.
NUMBERS = ("workers", "queue_limit", "bulk", "timeout", "retry", "max_attempts")


@register()
def check_jobs(**_: Any) -> list[CheckMessage]:
    """django-q2 loses or doubles work with its defaults (reference/reliability.md 5.1)."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    found: list[CheckMessage] = []
    if queue.get("orm") != "default" or any(queue.get(name) for name in OTHER_BROKERS):
        found.append(
            Error("Q_CLUSTER: orm must be default, the broker on our database", id="desk.E001")
        )
    if queue.get("sync") or not queue.get("scheduler", True):
        found.append(
            Error(
                "Q_CLUSTER: sync must be off, or jobs run inside the transaction that asks for "
                "them; scheduler must be on, or nothing happens by itself",
                id="desk.E008",
            )
        )
    if not queue.get("ack_failures"):
        found.append(
            Error("Q_CLUSTER: set ack_failures, or a bad job runs for ever", id="desk.E003")
        )
    if queue.get("catch_up", True) or queue.get("save_limit") not in (0, -1):
        found.append(
            Error("Q_CLUSTER: catch_up must be off and save_limit 0 or -1", id="desk.E004")
        )
    unset = [name for name in NUMBERS if not positive(queue.get(name))]
    if unset:
        found.append(
            Error(f"Q_CLUSTER: set to a positive number: {', '.join(unset)}", id="desk.E005")
        )
        return found
    waiting = 1 + queue["queue_limit"] / queue["workers"]
    if queue["retry"] <= queue["timeout"] * waiting + 60:
        found.append(
            Error(
                "Q_CLUSTER: retry must exceed timeout × (1 + queue_limit/workers) + 60",
                id="desk.E002",
            )
        )
    if queue["bulk"] != 1:
        found.append(
            Error(
                "Q_CLUSTER: bulk must be 1, or leases run out while jobs wait in memory",
                id="desk.E006",
            )
        )
    return found


@register()
def check_gateway(**_: Any) -> list[CheckMessage]:
    """Money must have a way that exists."""
    if settings.REFUND_GATEWAY in ("manual", "sandbox"):
        return []
    return [Error("DESK_REFUND_GATEWAY must be manual or sandbox", id="desk.E007")]


def refuse_unsafe_settings() -> None:
    """Stop a start that runs no checks of Django's, the web server's; reads settings only."""
    found = [*check_jobs(), *check_gateway()]
    if found:
        said = "; ".join(f"{message.msg} ({message.id})" for message in found)
        raise ImproperlyConfigured(f"unsafe settings: {said}")


def positive(value: object) -> bool:
    return isinstance(value, int) and value > 0


@register(deploy=True)
def check_production(**_: Any) -> list[CheckMessage]:
    """What must not reach production."""
    found: list[CheckMessage] = []
    if is_embedded():
        found.append(
            Error("production needs DATABASE_URL, not the embedded server", id="desk.E010")
        )
    if settings.DEMO:
        found.append(Error("the demo signs people in with known passwords", id="desk.E011"))
    if settings.REFUND_GATEWAY == "sandbox":
        found.append(Error("the sandbox gateway pays nobody", id="desk.E012"))
    return found
