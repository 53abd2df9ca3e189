"""What the database itself keeps of money: functions of the triggers, and the series of refunds."""

from django.db import migrations

# States only move along the lattice, what was approved stays what was approved, nothing is removed.
REFUND = """
CREATE FUNCTION desk_refund_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refunds are never removed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' AND NEW.origin = 'desk' THEN
            RAISE EXCEPTION 'refund % must begin as a draft', NEW.number
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.number, NEW.gateway_number, NEW.payment_id, NEW.currency, NEW.kind, NEW.origin,
            NEW.requested_by_id)
        IS DISTINCT FROM (OLD.number, OLD.gateway_number, OLD.payment_id, OLD.currency, OLD.kind,
            OLD.origin, OLD.requested_by_id) THEN
        RAISE EXCEPTION 'the identity of refund % cannot change', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status <> 'draft'
        AND (NEW.amount, NEW.means, NEW.gateway, NEW.reason, NEW.ticket_id, NEW.basis_type,
            NEW.basis_key, NEW.basis_label, NEW.basis_digest, NEW.parcel)
        IS DISTINCT FROM (OLD.amount, OLD.means, OLD.gateway, OLD.reason, OLD.ticket_id,
            OLD.basis_type, OLD.basis_key, OLD.basis_label, OLD.basis_digest, OLD.parcel) THEN
        RAISE EXCEPTION 'refund % is % and cannot be edited', OLD.number, OLD.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.status IN ('succeeded', 'failed', 'declined', 'canceled')
        AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'refund % is final', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF NOT (OLD.status || '>' || NEW.status) = ANY (ARRAY[
        'draft>submitted', 'draft>canceled',
        'submitted>approved', 'submitted>declined', 'submitted>draft', 'submitted>canceled',
        'approved>sending', 'approved>draft', 'approved>canceled',
        'sending>succeeded', 'sending>failed', 'sending>unknown',
        'unknown>succeeded', 'unknown>failed', 'unknown>sending'
    ]) THEN
        RAISE EXCEPTION 'refund % cannot go from % to %', OLD.number, OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status IN ('approved', 'sending') AND NOT EXISTS (
        SELECT FROM returns_approvalrequest r
        WHERE r.refund_id = NEW.id AND r.status = 'granted' AND r.needed_count <= (
            SELECT count(DISTINCT a.principal_id) FROM returns_approval a
            WHERE a.request_id = r.id AND a.decision = 'approve' AND a.digest = r.digest)
    ) THEN
        RAISE EXCEPTION 'refund % has no granted approval', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'sending' AND EXISTS (
        SELECT FROM returns_guardhold h WHERE h.refund_id = NEW.id AND h.status = 'held'
    ) THEN
        RAISE EXCEPTION 'refund % is held', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# Lines and evidence are part of what is approved: they change with a draft only.
PART = """
CREATE FUNCTION desk_refund_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
    parent record;
BEGIN
    IF TG_OP = 'DELETE' THEN owner := OLD.refund_id; ELSE owner := NEW.refund_id; END IF;
    SELECT number, status, origin INTO parent FROM returns_refund WHERE id = owner FOR SHARE;
    IF parent.status <> 'draft' AND parent.origin = 'desk' THEN
        RAISE EXCEPTION 'refund % is % and cannot be edited', parent.number, parent.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.refund_id <> OLD.refund_id THEN
        RAISE EXCEPTION 'parts of refund % stay with it', parent.number
            USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
"""

# Nobody approves what they requested or laid hands on, in their own name or another's.
APPROVAL = """
CREATE FUNCTION desk_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'decisions are never changed' USING ERRCODE = 'check_violation';
    END IF;
    SELECT r.refund_id, r.digest, r.status, f.requested_by_id INTO asked
    FROM returns_approvalrequest r JOIN returns_refund f ON f.id = r.refund_id
    WHERE r.id = NEW.request_id FOR SHARE OF r, f;
    IF asked.refund_id <> NEW.refund_id OR asked.digest <> NEW.digest OR asked.status <> 'open' THEN
        RAISE EXCEPTION 'this decision does not match an open approval'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.decision = 'approve' AND (
        asked.requested_by_id IN (NEW.decided_by_id, NEW.principal_id)
        OR EXISTS (
            SELECT FROM returns_refundtouch t WHERE t.refund_id = NEW.refund_id
            AND t.user_id IN (NEW.decided_by_id, NEW.principal_id))
    ) THEN
        RAISE EXCEPTION 'who requested or touched a refund cannot approve it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

REQUEST = """
CREATE FUNCTION desk_approval_request_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'approvals are never removed' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            RAISE EXCEPTION 'an approval begins open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.refund_id, NEW.digest, NEW.requested_by_id)
        IS DISTINCT FROM (OLD.refund_id, OLD.digest, OLD.requested_by_id)
        OR NEW.needed_count < OLD.needed_count OR NEW.level < OLD.level THEN
        RAISE EXCEPTION 'what is to be approved cannot change' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status <> OLD.status AND NOT (OLD.status || '>' || NEW.status) = ANY (ARRAY[
        'open>granted', 'open>declined', 'open>asked_back', 'open>void', 'open>expired',
        'granted>void', 'granted>expired'
    ]) THEN
        RAISE EXCEPTION 'an approval cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'granted' AND OLD.status = 'open' AND NEW.needed_count > (
        SELECT count(DISTINCT a.principal_id) FROM returns_approval a
        WHERE a.request_id = NEW.id AND a.decision = 'approve' AND a.digest = NEW.digest
    ) THEN
        RAISE EXCEPTION 'not enough people approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""

FUNCTIONS = {
    "desk_refund_guard": REFUND,
    "desk_refund_part_guard": PART,
    "desk_approval_guard": APPROVAL,
    "desk_approval_request_guard": REQUEST,
}


class Migration(migrations.Migration):
    initial = True
    dependencies = [("returns", "0001_goods")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE desk_refund_number", "DROP SEQUENCE desk_refund_number"),
        *(migrations.RunSQL(sql, f"DROP FUNCTION {name}()") for name, sql in FUNCTIONS.items()),
    ]
