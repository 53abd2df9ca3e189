"""Notifications of gateways: let in once, believed never. They only make us ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, RuleViolated, require
from aftersales.kernel.services import service
from returns.gateways.sandbox.signing import BadSignature, verify
from returns.models import GatewayNotice, Refund
from returns.money_statuses import IN_FLIGHT
from returns.policies_money import can_send
from returns.services.money.sending import look_now
from staff.models import User


class NotTheGateway(DomainError):
    """The notification is not signed by the gateway, or not just now (401)."""

    status_code = 401
    default_code = "bad_signature"


LARGEST_NOTICE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification that was proven to be the gateway's and recent."""

    event_id: str
    number: str


def read_sandbox_notice(headers: Mapping[str, str], body: bytes) -> Notice:
    """Verify and read; raises ``NotTheGateway`` for a forged or old notification,
    ``RuleViolated`` for an unreadable one. Writes nothing."""
    if len(body) > LARGEST_NOTICE:
        raise RuleViolated("too_large", _("This notification is too large."))
    try:
        event_id = verify(settings.SANDBOX_GATEWAY_SECRET, headers, body, moment=now().timestamp())
        number = str(json.loads(body)["number"])
    except BadSignature:
        raise NotTheGateway(_("This notification is not from the gateway.")) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RuleViolated("unreadable", _("This notification cannot be read.")) from None
    return Notice(event_id[:100], number[:40])


@service
def take_notice(notice: Notice, *, actor: User) -> bool:
    """Ask the gateway what is true of the refund it names; False for a notice taken before."""
    require(can_send(actor))
    if not _is_new("sandbox", notice):
        return False
    refund = Refund.objects.filter(gateway_number=notice.number, gateway="sandbox").first()
    if refund is not None and refund.status in IN_FLIGHT and refund.next_look_at is not None:
        look_now(refund.pk, actor=actor)
    return True


def _is_new(gateway: str, notice: Notice) -> bool:
    """Whether nobody let this notification in before; two at once are one."""
    table = GatewayNotice._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (gateway, event_id, gateway_number, received_at) "  # noqa: S608 -- own table
            "VALUES (%s, %s, %s, %s) ON CONFLICT (gateway, event_id) DO NOTHING",
            [gateway, notice.event_id, notice.number, now()],
        )
        return bool(cursor.rowcount == 1)
