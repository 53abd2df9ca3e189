"""The short lists around a case in one plain statement.

Written as SQL because the ORM takes longer to compose these subqueries than the server to answer
them; the case page is the page people wait for most.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from aftersales.kernel.clock import now
from customers.queries import FAMILY
from staff.models import User
from tickets.models import Ticket

ROWS = """
SELECT jsonb_build_object(
  'watchers', (
    SELECT jsonb_agg(jsonb_build_object('id', u.id, 'name', u.display_name, 'login', u.username)
                     ORDER BY w.id)
    FROM tickets_watcher w JOIN staff_user u ON u.id = w.user_id
    WHERE w.ticket_id = %(ticket)s),
  'contacts', (
    SELECT jsonb_agg(jsonb_build_object('channel', c.channel, 'address', c.address) ORDER BY c.id)
    FROM customers_contactpoint c WHERE c.customer_id = ANY(ARRAY(FAMILY))),
  'drafts', (
    SELECT jsonb_agg(jsonb_build_object('kind', d.kind, 'body', d.body, 'at', d.updated_at)
                     ORDER BY d.id)
    FROM tickets_draft d WHERE d.ticket_id = %(ticket)s AND d.author_id = %(user)s),
  'link', (
    SELECT s.public_id FROM tickets_statuslink s
    WHERE s.ticket_id = %(ticket)s AND s.revoked_at IS NULL AND s.expires_at > %(now)s
    ORDER BY s.id DESC LIMIT 1),
  'is_called', EXISTS (
    SELECT FROM tickets_mention m
    WHERE m.ticket_id = %(ticket)s AND m.user_id = %(user)s AND m.seen_at IS NULL),
  'score', (
    SELECT r.score FROM tickets_csatresponse r
    WHERE r.ticket_id = %(ticket)s AND r.status = 'answered' ORDER BY r.id DESC LIMIT 1),
  'clocks', (
    SELECT jsonb_agg(jsonb_build_object(
             'id', k.id, 'promise', k.promise, 'name', r.name, 'name_zh', r.name_zh,
             'about', k.subject_type, 'label', k.subject_label, 'state', k.state,
             'due', k.due_at, 'paused', k.paused_at) ORDER BY k.due_at NULLS LAST, k.id)
    FROM clocks_clock k JOIN clocks_clockrule r ON r.id = k.rule_id
    WHERE k.case_id = %(ticket)s AND k.stopped_at IS NULL),
  'is_answered_late', EXISTS (
    SELECT FROM clocks_clock k
    WHERE k.case_id = %(ticket)s AND k.promise = 'first_response' AND k.state = 'breached'
      AND k.stopped_at IS NOT NULL),
  'lines', (
    SELECT jsonb_agg(jsonb_build_object('name', l.name, 'sku', l.sku, 'n', l.quantity,
                                        'paid', l.paid_amount) ORDER BY l.position)
    FROM customers_orderline l WHERE l.order_id = %(order)s),
  'payments', (
    SELECT jsonb_agg(jsonb_build_object('method', p.method, 'captured', p.captured,
                                        'refunded', p.refunded, 'currency', p.currency)
                     ORDER BY p.paid_at, p.id)
    FROM customers_payment p WHERE p.order_id = %(order)s),
  'parcels', (
    SELECT jsonb_agg(jsonb_build_object('carrier', h.carrier, 'number', h.tracking_number,
                                        'out', h.shipped_at, 'at', h.delivered_at) ORDER BY h.id)
    FROM customers_shipment h WHERE h.order_id = %(order)s)
)::text
""".replace("FAMILY", FAMILY.replace("%s", "%(customer)s"))


def load_rows(ticket: Ticket, user: User) -> dict[str, Any]:
    """Followers, contacts, drafts, promises, order rows; amounts exact, missing lists ``None``."""
    values = {
        "ticket": ticket.pk,
        "customer": ticket.customer_id,
        "order": ticket.order_id,
        "user": user.pk,
        "now": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(ROWS, values)
        found: dict[str, Any] = json.loads(cursor.fetchone()[0], parse_float=Decimal)
    return found


def moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
