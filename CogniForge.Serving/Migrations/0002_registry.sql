-- json keeps the order of keys, which jsonb does not.
ALTER TABLE model
    ADD COLUMN id uuid,
    ADD COLUMN description text NOT NULL DEFAULT '',
    ADD COLUMN tags json NOT NULL DEFAULT '{}',
    ADD COLUMN last_version int NOT NULL DEFAULT 1,
    ADD COLUMN revision uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN updated_at timestamptz;
UPDATE model m
SET id = (SELECT id FROM model_version v WHERE v.name = m.name ORDER BY version LIMIT 1), updated_at = created_at;
ALTER TABLE model
    ALTER COLUMN id SET NOT NULL,
    ALTER COLUMN updated_at SET NOT NULL,
    ALTER COLUMN last_version DROP DEFAULT,
    ALTER COLUMN revision DROP DEFAULT,
    ADD CONSTRAINT model_id_unique UNIQUE (id);

-- Every version of an earlier release serves.
ALTER TABLE model_version
    DROP CONSTRAINT model_version_name_fkey,
    ADD CONSTRAINT model_version_name_fkey FOREIGN KEY (name) REFERENCES model (name) ON DELETE CASCADE,
    ALTER COLUMN definition DROP NOT NULL,
    ALTER COLUMN definition TYPE json USING definition::json,
    ADD COLUMN details json NOT NULL DEFAULT '{}',
    ADD COLUMN artifact_id uuid,
    ADD COLUMN artifact_sha256 text,
    ADD COLUMN artifact_bytes bigint,
    ADD COLUMN description text NOT NULL DEFAULT '',
    ADD COLUMN tags json NOT NULL DEFAULT '{}',
    ADD COLUMN state text NOT NULL DEFAULT 'serving',
    ADD COLUMN state_reason text,
    ADD COLUMN stage text NOT NULL DEFAULT 'None',
    ADD COLUMN revision uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN updated_at timestamptz;
UPDATE model_version SET updated_at = created_at;
ALTER TABLE model_version
    ALTER COLUMN updated_at SET NOT NULL,
    ALTER COLUMN state DROP DEFAULT,
    ALTER COLUMN revision DROP DEFAULT;
CREATE INDEX model_version_name_id ON model_version (name, id);
CREATE INDEX model_version_artifact ON model_version (artifact_id) WHERE artifact_id IS NOT NULL;

CREATE TABLE model_alias_move (
    id uuid PRIMARY KEY,
    model text NOT NULL REFERENCES model (name) ON DELETE CASCADE,
    alias text NOT NULL,
    from_version int,
    to_version int,
    previous_id uuid,
    is_roll_back boolean NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX model_alias_move_alias ON model_alias_move (model, alias, id);

CREATE TABLE model_alias (
    model text NOT NULL REFERENCES model (name) ON DELETE CASCADE,
    alias text NOT NULL,
    version int NOT NULL,
    move_id uuid NOT NULL REFERENCES model_alias_move (id) ON DELETE CASCADE,
    PRIMARY KEY (model, alias)
);

-- An artefact becomes visible when a version refers to it; the clean-up deletes the others.
CREATE TABLE artifact (
    id uuid PRIMARY KEY,
    touched_at timestamptz NOT NULL
);

CREATE TABLE artifact_chunk (
    artifact_id uuid NOT NULL REFERENCES artifact (id) ON DELETE CASCADE,
    number int NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (artifact_id, number)
);
-- Compressing models costs more than it saves.
ALTER TABLE artifact_chunk ALTER COLUMN data SET STORAGE EXTERNAL;
