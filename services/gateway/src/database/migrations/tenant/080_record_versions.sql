-- Every upload makes a new version of a record. Parts of all versions are encrypted, each version under a key of its own.
ALTER TABLE records ADD COLUMN version bigint NOT NULL DEFAULT 1 CHECK (version > 0);
-- False for records that were stored before identifiers had to have a system; the gateway, which alone can open them, sees to those at the next upload.
ALTER TABLE records ADD COLUMN is_indexed boolean NOT NULL DEFAULT false;
CREATE INDEX records_unindexed ON records (record) WHERE NOT is_indexed;
-- Of those records only: what they were found by.
ALTER TABLE records ALTER COLUMN patient_hash DROP NOT NULL;

ALTER TABLE record_parts ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE record_parts ALTER COLUMN version DROP DEFAULT;
ALTER TABLE record_parts DROP CONSTRAINT record_parts_pkey;
ALTER TABLE record_parts ADD PRIMARY KEY (record, version, part);

-- Who stored which version and when, what they confirmed, and how much it holds. Rows stay when the content of a version is removed.
CREATE TABLE record_versions (
  record uuid NOT NULL REFERENCES records ON DELETE CASCADE,
  version bigint NOT NULL CHECK (version > 0),
  -- The version's own key, wrapped by the tenant's; null when its content was removed.
  wrapped_key bytea,
  -- Encrypted, and bound to the row before it.
  sealed bytea NOT NULL,
  size_bytes bigint NOT NULL,
  PRIMARY KEY (record, version)
);

-- By which identifiers a record is found: keyed hashes of system and value together, and of the system alone.
CREATE TABLE record_identifiers (
  identifier_hash bytea NOT NULL,
  record uuid NOT NULL REFERENCES records ON DELETE CASCADE,
  system_hash bytea NOT NULL,
  -- Keyed, over the whole row: a row written by hand is worth nothing.
  mac bytea NOT NULL,
  PRIMARY KEY (identifier_hash, record)
);
CREATE INDEX record_identifiers_by_record ON record_identifiers (record);
