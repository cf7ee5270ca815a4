-- The API key that received the id of what a provider keeps, e.g. a response that later requests may continue.
CREATE TABLE provider_state (
    caller text NOT NULL,
    digest bytea NOT NULL, -- SHA-256 of the id
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (caller, digest)
);

CREATE INDEX provider_state_expiry ON provider_state (expires_at);
