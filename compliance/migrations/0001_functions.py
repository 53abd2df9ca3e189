"""The two trigger functions every audited table uses; they must exist before the first trigger."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION desk_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % can be added but not changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# desk.once: signature of one write, spent here. desk.bulk: signature of a declared bulk load.
JOURNAL = """
CREATE FUNCTION desk_journal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    signature jsonb;
    new_row jsonb;
    old_row jsonb;
    kept jsonb;
    fields jsonb := '[]';
BEGIN
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    kept := coalesce(new_row, old_row);

    signature := nullif(current_setting('desk.once', true), '')::jsonb;
    IF signature ->> 'table' = TG_TABLE_NAME THEN
        PERFORM set_config('desk.once', '', true);
    ELSE
        signature := nullif(current_setting('desk.bulk', true), '')::jsonb;
    END IF;

    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_agg(n.key ORDER BY n.key), '[]') INTO fields
        FROM jsonb_each(new_row) n WHERE n.value IS DISTINCT FROM old_row -> n.key;
    END IF;

    INSERT INTO compliance_journalentry (
        table_name, row_pk, operation, changed, digest, case_id, txid, change_id,
        actor_id, actor_name, reason, source, request_id, db_user, recorded_at
    ) VALUES (
        TG_TABLE_NAME,
        (kept ->> 'id')::bigint,
        lower(TG_OP),
        fields,
        encode(sha256(convert_to(kept::text, 'UTF8')), 'hex'),
        CASE WHEN TG_ARGV[0] <> '' THEN (kept ->> TG_ARGV[0])::bigint END,
        pg_current_xact_id()::text::bigint,
        (signature ->> 'change_id')::uuid,
        (signature ->> 'actor_id')::bigint,
        coalesce(signature ->> 'actor', ''),
        coalesce(signature ->> 'reason', ''),
        coalesce(signature ->> 'source', ''),
        coalesce(signature ->> 'request_id', ''),
        session_user,
        clock_timestamp()
    );
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION desk_append_only()"),
        migrations.RunSQL(JOURNAL, "DROP FUNCTION desk_journal()"),
    ]
