-- The project of the API key and the metadata of key and request; null: none.
ALTER TABLE completion ADD COLUMN project text, ADD COLUMN metadata jsonb;
ALTER TABLE completion_day ADD COLUMN project text;

-- Budgets of projects sum them as those of keys do.
CREATE INDEX completion_project ON completion (project, occurred_at) INCLUDE (cost, stored_at)
    WHERE project IS NOT NULL;
CREATE INDEX completion_day_project ON completion_day (project, day) WHERE project IS NOT NULL;
CREATE INDEX completion_metadata ON completion USING gin (metadata jsonb_path_ops) WHERE metadata IS NOT NULL;
