CREATE TABLE shadow (
    id uuid PRIMARY KEY,
    model text NOT NULL,
    version int NOT NULL,
    sample_rate double precision NOT NULL,
    revision uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (model, version)
);

CREATE TABLE shadow_comparison (
    id uuid PRIMARY KEY,
    model text NOT NULL,
    version int NOT NULL,
    primary_version int NOT NULL,
    occurred_at timestamptz NOT NULL,
    primary_ms double precision NOT NULL,
    shadow_ms double precision,
    error text,
    dropped bigint NOT NULL,
    outputs json NOT NULL
);
CREATE INDEX shadow_comparison_shadow ON shadow_comparison (model, version, occurred_at);
CREATE INDEX shadow_comparison_occurred_at ON shadow_comparison (occurred_at);
