CREATE TABLE drift_reference (
    model text PRIMARY KEY REFERENCES model (name) ON DELETE CASCADE,
    settings json NOT NULL,
    columns json NOT NULL,
    row_count int NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE drift_evaluation (
    id uuid PRIMARY KEY,
    model text NOT NULL REFERENCES model (name) ON DELETE CASCADE,
    evaluated_at timestamptz NOT NULL,
    is_drifted boolean NOT NULL,
    result json NOT NULL
);
CREATE INDEX drift_evaluation_model ON drift_evaluation (model, id);
CREATE INDEX drift_evaluation_age ON drift_evaluation (evaluated_at);
