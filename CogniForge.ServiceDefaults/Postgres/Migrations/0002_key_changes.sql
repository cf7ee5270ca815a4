ALTER TABLE api_key
    ADD COLUMN disabled_at timestamptz,
    -- What the service itself limits the key to; only the service knows its form.
    ADD COLUMN limits jsonb,
    -- After a rotation: the secret before, and until when it is still taken.
    ADD COLUMN previous_hash bytea,
    ADD COLUMN previous_until timestamptz;

CREATE UNIQUE INDEX api_key_previous_hash ON api_key (previous_hash) WHERE previous_hash IS NOT NULL;
