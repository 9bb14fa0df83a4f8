-- Proof of the master key that everything here is sealed with.
CREATE TABLE master_key (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  proof bytea NOT NULL
);

-- Sign-ins that were started; a row is deleted when its nonce is used.
CREATE TABLE challenges (
  nonce text PRIMARY KEY,
  account text NOT NULL,
  expires_at_s bigint NOT NULL
);
CREATE INDEX challenges_by_expiry ON challenges (expires_at_s);

-- One row a refresh token, by its hash; a family is one sign-in. Used and ended ones are kept until they expire, so that reuse is noticed.
CREATE TABLE refresh_tokens (
  token_hash bytea PRIMARY KEY,
  family uuid NOT NULL,
  account text NOT NULL,
  signed_in_at_s bigint NOT NULL,
  issued_at_s bigint NOT NULL,
  expires_at_s bigint NOT NULL,
  used_at_s bigint
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at_s);
