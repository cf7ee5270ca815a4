-- Predictions that are measured: those recorded by clients, and a sample of those served here (source '').
CREATE TABLE prediction (
    id uuid PRIMARY KEY,
    model text NOT NULL REFERENCES model (name) ON DELETE CASCADE,
    version int NOT NULL,
    source text NOT NULL,
    request_id text NOT NULL,
    row_number int NOT NULL,
    occurred_at timestamptz NOT NULL,
    features json,
    class text,
    scores json,
    number double precision,
    text text,
    latency_ms double precision,
    input_tokens bigint,
    output_tokens bigint,
    log_probability double precision,
    groups json,
    UNIQUE (model, source, request_id, row_number)
);
CREATE INDEX prediction_window ON prediction (model, occurred_at);
CREATE INDEX prediction_age ON prediction (occurred_at);

-- For the retention.
CREATE INDEX inference_age ON inference (occurred_at);

-- May arrive before or after its prediction.
CREATE TABLE ground_truth (
    model text NOT NULL REFERENCES model (name) ON DELETE CASCADE,
    source text NOT NULL,
    request_id text NOT NULL,
    row_number int NOT NULL,
    recorded_at timestamptz NOT NULL,
    class text,
    number double precision,
    text text,
    groups json,
    PRIMARY KEY (model, source, request_id, row_number)
);
CREATE INDEX ground_truth_age ON ground_truth (recorded_at);
