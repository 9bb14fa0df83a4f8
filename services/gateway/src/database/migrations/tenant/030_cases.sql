-- Cases of a hospital. All that is clinical about them is in the vault of the hospital's place in the circle; here is that there are some, of which record.
CREATE TABLE cases (
  case_id uuid PRIMARY KEY,
  record uuid NOT NULL,
  created_at_s bigint NOT NULL,
  -- Status, and who set it when.
  sealed bytea NOT NULL
);
