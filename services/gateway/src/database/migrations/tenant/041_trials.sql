-- Criteria of a research office's studies, and the round that counted last; sealed.
CREATE TABLE trials (
  study bigint PRIMARY KEY,
  sealed bytea NOT NULL
);
-- Invitations of a hospital's patients to studies. The content (how it was answered, what the study looks for) is sealed.
CREATE TABLE invitations (
  invitation uuid PRIMARY KEY,
  account text NOT NULL,
  record uuid NOT NULL,
  study bigint NOT NULL,
  sealed bytea NOT NULL,
  UNIQUE (record, study)
);
CREATE INDEX invitations_account ON invitations (account);
