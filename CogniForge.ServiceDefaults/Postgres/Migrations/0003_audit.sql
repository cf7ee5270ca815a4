-- Who changed what, from where. Rows are only ever added.
CREATE TABLE audit_entry (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    address text,
    action text NOT NULL,
    resource text,
    before jsonb,
    after jsonb,
    -- Refused log-ins are one row per address and minute.
    count int NOT NULL,
    trace_id text
);

CREATE INDEX audit_entry_actor ON audit_entry (actor_id, id);
CREATE INDEX audit_entry_resource ON audit_entry (resource, id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit is append-only: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_entry_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
