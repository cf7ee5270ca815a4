-- A key's budget in one period. Amounts are billionths of a USD. The row's lock serializes all changes to the budget.
CREATE TABLE budget (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    period text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    spent bigint NOT NULL, -- through leases that have ended, and without a lease
    short_at timestamptz, -- when a request last found too little left: replicas then return what they do not use
    UNIQUE (key, period, starts_at)
);

-- What one replica may spend of a budget without asking again.
CREATE TABLE budget_lease (
    id uuid PRIMARY KEY,
    budget_id bigint NOT NULL REFERENCES budget ON DELETE CASCADE,
    version int NOT NULL, -- of the renewal that wrote the row; an older one that arrives late changes nothing
    allowance bigint NOT NULL, -- the most that spent and held may come to
    spent bigint NOT NULL,
    held bigint NOT NULL, -- for open requests
    renewed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX budget_lease_budget ON budget_lease (budget_id);

-- Sums of a key's costs need no record itself.
DROP INDEX completion_caller;
CREATE INDEX completion_caller ON completion (caller, occurred_at) INCLUDE (cost, stored_at);
