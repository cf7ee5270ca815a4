-- What users did. The message id alone tells events apart: a client that sends one again may correct its time.
CREATE TABLE user_event (
    message_id text PRIMARY KEY,
    event text NOT NULL,
    user_id text,
    anonymous_id text,
    properties jsonb,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL
);

CREATE INDEX user_event_event_occurred_at ON user_event (event, occurred_at);

-- What the other services did: this service's own record of what it reads of their events.
CREATE TABLE completion (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    caller text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    input_tokens int NOT NULL,
    output_tokens int NOT NULL
);

CREATE TABLE inference (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    model text NOT NULL,
    version int NOT NULL,
    rows int NOT NULL
);

CREATE TABLE promotion (
    id uuid PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    model text NOT NULL,
    version int NOT NULL
);
