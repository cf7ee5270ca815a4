-- What the admin API has set up on top of configuration: routes, providers, prices.
CREATE TABLE setting (
    kind text NOT NULL,
    name text NOT NULL,
    document json NOT NULL, -- not jsonb, which has no place for U+0000
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, name)
);

CREATE FUNCTION notify_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('setting', '');
    RETURN NULL;
END
$$;

-- Whoever changes the table, be it by hand, every replica hears of it.
CREATE TRIGGER setting_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON setting
    FOR EACH STATEMENT EXECUTE FUNCTION notify_setting();
