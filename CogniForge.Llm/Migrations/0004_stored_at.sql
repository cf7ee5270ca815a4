-- When the record came here: what was stored while a budget was being rebuilt must be counted once.
ALTER TABLE completion ADD COLUMN stored_at timestamptz NOT NULL DEFAULT clock_timestamp();
