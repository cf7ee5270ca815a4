CREATE TABLE drift (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    model text NOT NULL
);
