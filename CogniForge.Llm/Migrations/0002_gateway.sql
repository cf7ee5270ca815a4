ALTER TABLE completion
    ADD COLUMN end_user text,
    ADD COLUMN route text,
    ADD COLUMN requested_model text,
    ADD COLUMN protocol text NOT NULL DEFAULT 'chat_completions',
    ADD COLUMN streamed boolean NOT NULL DEFAULT false,
    ADD COLUMN status int NOT NULL DEFAULT 200,
    ADD COLUMN error text,
    ADD COLUMN finish_reason text,
    ADD COLUMN cache_read_tokens int NOT NULL DEFAULT 0,
    ADD COLUMN cache_write_tokens int NOT NULL DEFAULT 0,
    ADD COLUMN reasoning_tokens int NOT NULL DEFAULT 0,
    ADD COLUMN estimated boolean NOT NULL DEFAULT false,
    ADD COLUMN cost numeric,
    ADD COLUMN cached boolean NOT NULL DEFAULT false,
    ADD COLUMN saved numeric,
    ADD COLUMN attempts int NOT NULL DEFAULT 1,
    ADD COLUMN first_chunk_ms double precision;

CREATE INDEX completion_caller ON completion (caller, occurred_at);
