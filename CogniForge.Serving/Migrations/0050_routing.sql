CREATE TABLE model_routing (
    model text PRIMARY KEY REFERENCES model (name) ON DELETE CASCADE,
    policy json NOT NULL,
    canary json,
    revision uuid NOT NULL,
    updated_at timestamptz NOT NULL
);

-- What all replicas observed of the stable version and of the canary, by step.
CREATE TABLE canary_traffic (
    step_id uuid NOT NULL,
    is_canary boolean NOT NULL,
    requests bigint NOT NULL,
    failures bigint NOT NULL,
    latencies bigint[] NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (step_id, is_canary)
);
