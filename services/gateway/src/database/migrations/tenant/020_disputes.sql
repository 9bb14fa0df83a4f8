-- What patients have to say of entries of this hospital, by the salted hash that stands on chain.
CREATE TABLE filed_disputes (
  statement text PRIMARY KEY,
  sealed bytea NOT NULL,
  filed_at_s bigint NOT NULL
);
