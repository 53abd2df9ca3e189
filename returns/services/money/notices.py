"""Notifications of gateways: let in once, believed never. They only make us ask."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from returns.gateways.sandbox.signing import BadSignature, verify
from returns.models import GatewayNotice, Refund
from returns.policies_money import can_send
from returns.services.money.sending import look_now
from staff.models import User

LARGEST_NOTICE = 64 * 1024


@service
def receive_sandbox_notice(headers: Mapping[str, str], body: bytes, *, actor: User) -> bool:
    """Take a signed notification and ask the gateway what is true; False for one seen before.

    Raises ``RuleViolated`` for a forged, old or unreadable one: nothing of it is kept.
    """
    require(can_send(actor))
    if len(body) > LARGEST_NOTICE:
        raise RuleViolated("too_large", _("This notification is too large."))
    try:
        event_id = verify(settings.SANDBOX_GATEWAY_SECRET, headers, body, moment=now().timestamp())
        number = str(json.loads(body)["number"])
    except BadSignature as problem:
        raise RuleViolated("bad_signature", str(problem)) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RuleViolated("unreadable", _("This notification cannot be read.")) from None
    if not _is_new("sandbox", event_id, number):
        return False
    refund = Refund.objects.filter(gateway_number=number, gateway="sandbox").first()
    if refund is not None:
        try:
            look_now(refund.pk, actor=actor)
        except InvalidTransition:
            return True
    return True


def _is_new(gateway: str, event_id: str, number: str) -> bool:
    """Whether nobody let this notification in before; two at once are one."""
    table = GatewayNotice._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (gateway, event_id, gateway_number, received_at) "  # noqa: S608 -- own table
            "VALUES (%s, %s, %s, %s) ON CONFLICT (gateway, event_id) DO NOTHING",
            [gateway, event_id[:100], number[:40], now()],
        )
        return bool(cursor.rowcount == 1)
