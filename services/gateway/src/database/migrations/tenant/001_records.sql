-- One row a patient's record. Nothing here says who it is or what they have: `patient_hash` is keyed, all the rest of a record is sealed.
CREATE TABLE records (
  record uuid PRIMARY KEY,
  patient_hash bytea NOT NULL UNIQUE,
  -- The record's own key, wrapped by the tenant's.
  wrapped_key bytea NOT NULL,
  created_at_s bigint NOT NULL,
  uploaded_at_s bigint NOT NULL,
  uploaded_by text NOT NULL
);
CREATE INDEX records_by_upload ON records (uploaded_at_s, record);

-- The record in parts, so that only what a consent covers is ever opened.
CREATE TABLE record_parts (
  record uuid NOT NULL REFERENCES records ON DELETE CASCADE,
  part text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record, part)
);

-- Which account a record belongs to; at most one.
CREATE TABLE links (
  record uuid PRIMARY KEY REFERENCES records ON DELETE CASCADE,
  account text NOT NULL,
  linked_at_s bigint NOT NULL
);
-- A request names patient and hospital, so an account has one record here.
CREATE UNIQUE INDEX links_by_account ON links (account);

-- Codes that link an account to a record, by keyed hash.
CREATE TABLE enrolment_codes (
  code_hash bytea PRIMARY KEY,
  record uuid NOT NULL REFERENCES records ON DELETE CASCADE,
  issued_by text NOT NULL,
  issued_at_s bigint NOT NULL,
  expires_at_s bigint NOT NULL,
  used_at_s bigint
);
CREATE INDEX enrolment_codes_by_record ON enrolment_codes (record);
