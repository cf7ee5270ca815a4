CREATE TABLE experiment (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    model text NOT NULL,
    settings json NOT NULL,
    state text NOT NULL,
    state_reason text,
    promoted text,
    revision uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    started_at timestamptz
);
CREATE INDEX experiment_model ON experiment (model, id);

-- At most one experiment runs on a model.
CREATE UNIQUE INDEX experiment_running ON experiment (model) WHERE state = 'running';

-- Mixed units got several variants, and count in none.
CREATE TABLE experiment_exposure (
    experiment_id uuid NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
    unit_id text NOT NULL,
    variant text NOT NULL,
    covariates json,
    exposed_at timestamptz NOT NULL,
    is_mixed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (experiment_id, unit_id)
);

CREATE TABLE experiment_request (
    experiment_id uuid NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
    request_id text NOT NULL,
    unit_id text NOT NULL,
    PRIMARY KEY (experiment_id, request_id)
);

CREATE TABLE experiment_outcome (
    experiment_id uuid NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
    id text NOT NULL,
    metric text NOT NULL,
    value double precision NOT NULL,
    unit_id text,
    request_id text,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (experiment_id, id)
);
