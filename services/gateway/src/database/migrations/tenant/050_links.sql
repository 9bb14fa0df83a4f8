-- A link or code that was written by hand links nobody: `mac` binds every value of the row to the master key. `number` is that of the
-- record's link state, which grows with every code, link and end of a link: a row that was copied out earlier has an older one.
ALTER TABLE links ADD COLUMN number bigint, ADD COLUMN mac bytea;
ALTER TABLE enrolment_codes ADD COLUMN number bigint, ADD COLUMN mac bytea;
CREATE TABLE link_states (
  record uuid PRIMARY KEY REFERENCES records ON DELETE CASCADE,
  number bigint NOT NULL,
  mac bytea NOT NULL
);
-- Codes of before that nobody has used have to be issued anew. Links of before get their number and mac at the first start.
DELETE FROM enrolment_codes WHERE used_at_s IS NULL;
