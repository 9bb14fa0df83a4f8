-- Terms of consents. A commitment is public; who granted what to whom is not: both are keyed hashes here, and the terms are sealed.
CREATE TABLE context_terms (
  sequence bigserial PRIMARY KEY,
  commitment text NOT NULL UNIQUE,
  patient_hash bytea NOT NULL,
  grantee_hash bytea NOT NULL,
  -- Keyed hash of all that was filed: tells the same again from something else.
  content_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  filed_at_s bigint NOT NULL
);
CREATE INDEX context_terms_by_patient ON context_terms (patient_hash, sequence DESC);
CREATE INDEX context_terms_by_grantee ON context_terms (grantee_hash, sequence DESC);

-- Which hospital holds a record of which account; nothing of what is in it.
CREATE TABLE context_catalogue (
  hospital text NOT NULL,
  record uuid NOT NULL,
  patient_hash bytea NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (hospital, record)
);
CREATE INDEX context_catalogue_by_patient ON context_catalogue (patient_hash);
