-- Failures are rare and are what is looked for; ids have the order of time.
CREATE INDEX completion_failed ON completion (id) WHERE status <> 200;
