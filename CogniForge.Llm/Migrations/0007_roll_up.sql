-- Of days that are no longer kept one by one, the sums of their records: everything that usage can be divided and filtered by.
CREATE TABLE completion_day (
    day date NOT NULL, -- UTC
    digest bytea NOT NULL, -- of what follows up to the error: the texts themselves are too long for an index
    caller text NOT NULL,
    end_user text,
    route text,
    provider text NOT NULL,
    model text NOT NULL,
    status int NOT NULL,
    error text,
    requests bigint NOT NULL,
    failed bigint NOT NULL,
    cached bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost numeric NOT NULL,
    saved numeric NOT NULL,
    unpriced bigint NOT NULL,
    estimated bigint NOT NULL,
    PRIMARY KEY (day, digest)
);

CREATE INDEX completion_day_caller ON completion_day (caller, day);

-- Which records are in those sums: one that a journal brings again is counted already.
CREATE TABLE completion_summed (
    id uuid PRIMARY KEY,
    summed_at timestamptz NOT NULL
);
