"""Invariants I1–I18 of money and approval (reference/reliability.md section 10), one query each.

None may find a row. ``money_checks`` adds what needs more than SQL and runs them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Broken:
    """One row that breaks an invariant: the table, its key, what is wrong."""

    code: str
    table: str
    row_pk: int
    detail: str


def by_sql(code: str, table: str, sql: str) -> Callable[[], list[Broken]]:
    """A finder whose statement yields (key, what is wrong)."""

    def find() -> list[Broken]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return [Broken(code, table, pk or 0, str(detail)) for pk, detail in cursor.fetchall()]

    return find


COUNTERS = """
SELECT p.id, format('reserved %s, ledger %s; refunded %s, ledger %s',
    p.reserved, e.reserved, p.refunded, e.refunded)
FROM customers_payment p
LEFT JOIN LATERAL (
    SELECT coalesce(sum(amount) FILTER (WHERE account = 'reservation'), 0) AS reserved,
        coalesce(-sum(amount) FILTER (
            WHERE account IN ('reservation', 'customer_liability')), 0) AS refunded
    FROM returns_ledgerentry WHERE payment_id = p.id
) e ON true
WHERE (p.reserved <> 0 OR p.refunded <> 0
        OR EXISTS (SELECT FROM returns_ledgerentry l WHERE l.payment_id = p.id))
    AND (p.reserved <> e.reserved OR p.refunded <> e.refunded)
"""

SQL: dict[str, tuple[str, str]] = {
    "I1": (
        "customers_payment",
        """SELECT id, format('%s reserved and %s refunded of %s', reserved, refunded, captured)
        FROM customers_payment
        WHERE reserved < 0 OR refunded < 0 OR reserved + refunded > captured""",
    ),
    "I2": ("customers_payment", COUNTERS),
    "I2c": (
        "returns_storecredit",
        """SELECT c.id, format('balance %s, ledger %s', c.balance, coalesce(sum(e.amount), 0))
        FROM returns_storecredit c LEFT JOIN returns_ledgerentry e
            ON e.store_credit_id = c.id AND e.account = 'store_credit'
        GROUP BY c.id HAVING c.balance <> coalesce(sum(e.amount), 0) OR c.balance < 0""",
    ),
    "I3": (
        "returns_ledgerentry",
        """SELECT min(id), format('set %s adds up to %s', set_id, sum(amount))
        FROM returns_ledgerentry GROUP BY set_id
        HAVING sum(amount) <> 0 OR count(DISTINCT currency) > 1 OR count(*) < 2""",
    ),
    "I4": (
        "returns_refund",
        """SELECT max(id), 'the number at the gateway is used twice' FROM returns_refund
        GROUP BY gateway_number HAVING count(*) > 1
        UNION ALL
        SELECT h.id, 'the number at the gateway changed' FROM returns_historicalrefund h
        JOIN returns_refund r ON r.id = h.id
        WHERE h.gateway_number <> r.gateway_number GROUP BY h.id
        UNION ALL
        SELECT r.id, 'it was sent under another number' FROM returns_refundattempt a
        JOIN returns_refund r ON r.id = a.refund_id
        WHERE a.gateway_number <> r.gateway_number GROUP BY r.id""",
    ),
    "I5": (
        "returns_refund",
        """SELECT r.id, format('%s, settled %s times', r.status, count(DISTINCT e.set_id))
        FROM returns_refund r
        LEFT JOIN returns_ledgerentry e ON e.refund_id = r.id AND e.step = 'settle'
        GROUP BY r.id
        HAVING count(DISTINCT e.set_id) <> CASE WHEN r.status = 'succeeded' THEN 1 ELSE 0 END""",
    ),
    "I7": (
        "returns_refund",
        """SELECT r.id, 'failed without proof' FROM returns_refund r
        WHERE r.status = 'failed' AND r.gateway <> 'manual' AND NOT EXISTS (
            SELECT FROM returns_refundattempt a
            WHERE a.refund_id = r.id AND a.result IN ('failed', 'not_found'))
        UNION ALL
        SELECT r.id, 'failed by hand without a person who said so' FROM returns_refund r
        WHERE r.status = 'failed' AND r.gateway = 'manual' AND r.outcome_note = ''""",
    ),
    "I8": (
        "returns_refund",
        """SELECT r.id, format('%s, %s reserved', r.status, coalesce(sum(e.amount), 0))
        FROM returns_refund r
        LEFT JOIN returns_ledgerentry e ON e.refund_id = r.id AND e.account = 'reservation'
        GROUP BY r.id
        HAVING coalesce(sum(e.amount), 0) <> CASE
            WHEN r.status IN ('submitted', 'approved', 'sending', 'unknown') THEN r.amount
            ELSE 0 END""",
    ),
    "I9": (
        "returns_refund",
        """SELECT id, format('%s became %s', before, status) FROM (
            SELECT id, status, lag(status) OVER (PARTITION BY id ORDER BY history_id) AS before,
                origin
            FROM returns_historicalrefund
        ) moves
        WHERE origin = 'desk' AND coalesce(before, '') <> status
            AND (coalesce(before, '') || '>' || status) <> ALL (ARRAY[
                '>draft', 'draft>submitted', 'draft>canceled', 'submitted>approved',
                'submitted>declined', 'submitted>draft', 'submitted>canceled',
                'approved>sending', 'approved>draft', 'approved>canceled',
                'sending>succeeded', 'sending>failed', 'sending>unknown',
                'unknown>succeeded', 'unknown>failed', 'unknown>sending'])
        UNION ALL
        SELECT r.id, format('it is %s, its history says %s', r.status, last.status)
        FROM returns_refund r JOIN LATERAL (
            SELECT status FROM returns_historicalrefund h WHERE h.id = r.id
            ORDER BY history_id DESC LIMIT 1) last ON last.status <> r.status""",
    ),
    "I10": (
        "returns_refund",
        """SELECT r.id, format('%s since %s', r.status, r.sent_at) FROM returns_refund r
        WHERE r.status IN ('sending', 'unknown') AND r.sent_at < now() - interval '72 hours'
            AND NOT EXISTS (SELECT FROM returns_reconciliationitem i
                WHERE i.refund_id = r.id AND i.status = 'open')""",
    ),
    "I11": (
        "returns_refund",
        """SELECT r.id, format('%s on a payment in %s', r.currency, p.currency)
        FROM returns_refund r JOIN customers_payment p ON p.id = r.payment_id
        WHERE r.currency <> p.currency
        UNION ALL
        SELECT e.refund_id, 'booked in another currency' FROM returns_ledgerentry e
        JOIN returns_refund r ON r.id = e.refund_id WHERE e.currency <> r.currency""",
    ),
    "I12": (
        "returns_statementline",
        """SELECT l.id, format('%s %s: not in the books and nobody''s work', l.gateway_number,
            l.amount)
        FROM returns_statementline l
        LEFT JOIN returns_refund r ON r.gateway_number = l.gateway_number
            OR (r.origin <> 'desk' AND r.reference = l.reference)
        WHERE l.result = 'SUCCESS'
            AND (r.id IS NULL OR r.status <> 'succeeded' OR r.amount <> l.amount
                OR r.currency <> l.currency)
            AND NOT EXISTS (SELECT FROM returns_reconciliationitem i
                WHERE i.key IN (l.gateway_number, l.reference))
        UNION ALL
        SELECT r.id, format('%s is not on the statement and nobody''s work', r.number)
        FROM returns_refund r JOIN returns_statement s ON s.gateway = r.gateway
            AND r.settled_at >= s.starts_at AND r.settled_at < s.ends_at
            AND r.settled_at <= s.imported_at
        WHERE r.status = 'succeeded' AND r.origin = 'desk'
            AND NOT EXISTS (SELECT FROM returns_statementline l
                WHERE l.gateway_number = r.gateway_number)
            AND NOT EXISTS (SELECT FROM returns_reconciliationitem i WHERE i.refund_id = r.id)""",
    ),
    "I13": (
        "returns_approval",
        """SELECT a.id, format('%s was approved by somebody who had a hand in it', r.number)
        FROM returns_approval a JOIN returns_approvalrequest q ON q.id = a.request_id
        JOIN returns_refund r ON r.id = a.refund_id
        WHERE a.decision = 'approve' AND (
            r.requested_by_id IN (a.decided_by_id, a.principal_id)
            OR EXISTS (SELECT FROM returns_refundtouch t WHERE t.refund_id = r.id
                AND t.user_id IN (a.decided_by_id, a.principal_id)
                AND (t.touched_at <= a.decided_at OR q.status IN ('open', 'granted'))))""",
    ),
    "I14": (
        "returns_approvalrequest",
        """SELECT q.id, format('%s of %s people', count(DISTINCT a.principal_id), q.needed_count)
        FROM returns_approvalrequest q
        LEFT JOIN returns_approval a ON a.request_id = q.id AND a.decision = 'approve'
            AND a.digest = q.digest
        WHERE q.status = 'granted' GROUP BY q.id
        HAVING count(DISTINCT a.principal_id) < q.needed_count
            OR count(DISTINCT a.decided_by_id) < q.needed_count""",
    ),
    "I16": (
        "returns_approval",
        """SELECT a.id, 'decided for somebody without a valid delegation' FROM returns_approval a
        JOIN returns_refund r ON r.id = a.refund_id
        LEFT JOIN staff_delegation d ON d.id = a.delegation_id
        WHERE a.principal_id <> a.decided_by_id AND (
            d.id IS NULL OR d.giver_id <> a.principal_id OR d.delegate_id <> a.decided_by_id
            OR a.decided_at < d.starts_at OR a.decided_at >= d.ends_at
            OR (d."limit" IS NOT NULL AND (d.currency <> r.currency OR r.amount > d."limit")))""",
    ),
    "I17": (
        "returns_approvalrequest",
        """SELECT q.id, format('%s was sent on an approval that had expired', r.number)
        FROM returns_approvalrequest q JOIN returns_refund r ON r.id = q.refund_id
        JOIN LATERAL (SELECT min(a.claimed_at) AS sent FROM returns_refundattempt a
            WHERE a.refund_id = r.id AND a.kind = 'send') first ON true
        WHERE q.status = 'granted' AND coalesce(first.sent, r.sent_at) > q.expires_at
        UNION ALL
        SELECT q.id, 'it was decided after it had expired' FROM returns_approvalrequest q
        JOIN returns_approval a ON a.request_id = q.id WHERE a.decision = 'approve'
            AND a.decided_at >= q.expires_at""",
    ),
    "I18": (
        "returns_refund",
        """SELECT refund_id, 'two approvals are under way' FROM returns_approvalrequest
        WHERE status IN ('open', 'granted') GROUP BY refund_id HAVING count(*) > 1
        UNION ALL
        SELECT r.id, format('%s without an approval under way', r.status) FROM returns_refund r
        WHERE r.status IN ('submitted', 'approved') AND NOT EXISTS (
            SELECT FROM returns_approvalrequest q WHERE q.refund_id = r.id
            AND q.status = CASE r.status WHEN 'submitted' THEN 'open' ELSE 'granted' END)""",
    ),
}


def broken_counters() -> list[Broken]:
    """Payments whose counters are not the sums of their entries."""
    return by_sql("I2", "customers_payment", COUNTERS)()


def sql_invariants() -> Iterator[tuple[str, Callable[[], list[Broken]]]]:
    for code, (table, sql) in SQL.items():
        yield code, by_sql(code, table, sql)
