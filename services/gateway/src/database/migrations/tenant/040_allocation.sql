-- What a hospital offers to cases of all hospitals (facilities, specialists with hours), and what its specialists do not take. All sealed.
CREATE TABLE supply (
  kind text NOT NULL,
  id text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (kind, id)
);
-- Where a case is, what its patient agreed to, what was declined for it and what it holds. All sealed.
CREATE TABLE case_moves (
  case_id uuid PRIMARY KEY,
  sealed bytea NOT NULL
);
