-- What every service keeps in its own database for the shared code of CogniForge.ServiceDefaults.

CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    -- SHA-256 of the key; the key itself is shown once and kept nowhere.
    hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE idempotency_key (
    caller text NOT NULL,
    key text NOT NULL,
    -- SHA-256 of method, path and body: the same key with another request is a mistake of the client.
    fingerprint bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- Null while the first request is still being answered.
    status int,
    content_type text,
    location text,
    body bytea,
    PRIMARY KEY (caller, key)
);

CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    source text NOT NULL,
    occurred_at timestamptz NOT NULL,
    trace_parent text,
    data bytea NOT NULL
);
