-- A row written by hand signs nobody in: `token_hash` becomes a keyed hash, and `mac` binds every value of the row to the master key.
-- Sign-ins of before are in the old form; whoever had one signs in again.
DELETE FROM refresh_tokens;
ALTER TABLE refresh_tokens ADD COLUMN mac bytea NOT NULL;
