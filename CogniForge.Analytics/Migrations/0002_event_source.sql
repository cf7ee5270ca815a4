-- An event's identity is its source (the id of the API key) and its message id: one key's ids must not hide the events
-- of another. The source of earlier events is unknown.
ALTER TABLE user_event
    ADD COLUMN source text NOT NULL DEFAULT '',
    DROP CONSTRAINT user_event_pkey;

ALTER TABLE user_event ADD PRIMARY KEY (source, message_id);
