-- Texts by name, e.g. of a team; null: none.
ALTER TABLE api_key ADD COLUMN metadata jsonb;
