CREATE TABLE model (
    name text PRIMARY KEY,
    created_at timestamptz NOT NULL
);

-- Versions never change.
CREATE TABLE model_version (
    id uuid PRIMARY KEY,
    name text NOT NULL REFERENCES model (name),
    version int NOT NULL CHECK (version >= 1),
    kind text NOT NULL,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (name, version)
);

CREATE TABLE inference (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    model text NOT NULL,
    version int NOT NULL,
    rows int NOT NULL,
    duration_ms double precision NOT NULL,
    trace_parent text
);

CREATE INDEX inference_model_occurred_at ON inference (model, occurred_at);
