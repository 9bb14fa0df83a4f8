-- Who is an operator, and which consents stand, is made from these rows: `mac` binds each event to all before it, and the cursor to the last
-- of them, so that a row that was written, changed or taken away by hand is noticed. What was read before is read from the chain again.
DELETE FROM chain_events;
DELETE FROM chain_cursor;
ALTER TABLE chain_events ADD COLUMN mac bytea NOT NULL;
ALTER TABLE chain_cursor ADD COLUMN mac bytea NOT NULL;
-- A hospital that a patient did not confirm gets no terms. Rows of before get their mac at the first start.
ALTER TABLE context_hospitals ADD COLUMN mac bytea;
