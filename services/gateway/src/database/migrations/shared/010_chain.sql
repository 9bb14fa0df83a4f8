-- How far the chain is read, and for which deployment. Stored in one transaction with the events that it stands for.
CREATE TABLE chain_cursor (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  deployment text NOT NULL,
  cursor jsonb NOT NULL
);

-- Everything our contracts said, in the order of the chain. Public, like the chain itself; memory is made from it at every start.
CREATE TABLE chain_events (
  block_number bigint NOT NULL,
  transaction_index bigint NOT NULL,
  event_index bigint NOT NULL,
  event jsonb NOT NULL,
  PRIMARY KEY (block_number, transaction_index, event_index)
);
