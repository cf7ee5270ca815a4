-- Successful requests that generated text: not embeddings, images or files. Of earlier days only the sum of all is known.
ALTER TABLE completion_day ADD COLUMN completions bigint NOT NULL DEFAULT 0;

UPDATE completion_day SET completions = requests WHERE status = 200;

-- The provider that keeps what the id names; null: recorded before.
ALTER TABLE provider_state ADD COLUMN provider text;
