-- Descriptions of a research office's studies, by the salted hash that stands on chain.
CREATE TABLE filed_studies (
  hash text PRIMARY KEY,
  sealed bytea NOT NULL,
  filed_at_s bigint NOT NULL
);

-- Details of requests: those a hospital was asked, those a research office made.
CREATE TABLE filed_requests (
  sequence bigserial PRIMARY KEY,
  digest text NOT NULL UNIQUE,
  sealed bytea NOT NULL,
  filed_at_s bigint NOT NULL
);

-- What was decided, written before anything is sent or released. `digest` is what the entry on chain has.
CREATE TABLE journal (
  id bigserial PRIMARY KEY,
  request bigint NOT NULL,
  request_digest text NOT NULL,
  digest text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('access', 'refusal')),
  state text NOT NULL CHECK (state IN ('intended', 'logged', 'abandoned')),
  -- Details, salt and reason.
  sealed bytea NOT NULL,
  written_at_s bigint NOT NULL,
  transaction text
);
CREATE INDEX journal_by_request ON journal (request_digest);
CREATE INDEX journal_intended ON journal (request) WHERE state = 'intended';

-- Data sealed to a researcher's key. It may leave only while it is deliverable and its consent stands.
CREATE TABLE releases (
  digest text PRIMARY KEY REFERENCES journal (digest),
  request_digest text NOT NULL,
  state text NOT NULL CHECK (state IN ('held', 'deliverable', 'destroyed')),
  -- Keyed hash of patient and commitment: finds what has to go when a consent ends.
  consent_hash bytea NOT NULL,
  consent_expires_at_s bigint NOT NULL,
  encapsulated bytea,
  ciphertext bytea,
  sha256 text NOT NULL,
  size_bytes bigint NOT NULL,
  made_at_s bigint NOT NULL,
  first_delivered_at_s bigint,
  deliveries bigint NOT NULL DEFAULT 0,
  CHECK ((state = 'destroyed') = (ciphertext IS NULL))
);
CREATE INDEX releases_by_request ON releases (request_digest);
CREATE INDEX releases_by_consent ON releases (consent_hash) WHERE state <> 'destroyed';
CREATE INDEX releases_by_expiry ON releases (consent_expires_at_s) WHERE state <> 'destroyed';
