CREATE TABLE completion (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    caller text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    input_tokens int NOT NULL,
    output_tokens int NOT NULL,
    duration_ms double precision NOT NULL,
    trace_parent text
);

CREATE INDEX completion_occurred_at ON completion (occurred_at);
