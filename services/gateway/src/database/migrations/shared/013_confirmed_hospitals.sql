-- Hospitals of other gateways of which a patient said here that they hold a record of theirs: what a hospital says of itself is not enough.
CREATE TABLE context_hospitals (
  patient_hash bytea NOT NULL,
  hospital text NOT NULL,
  PRIMARY KEY (patient_hash, hospital)
);
