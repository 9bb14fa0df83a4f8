-- Work on requests that was begun and has not ended well, one row a request. A try is counted before its work starts, so that one that ends
-- the process is counted as well. No row: nothing ever failed.
CREATE TABLE request_jobs (
  request bigint PRIMARY KEY,
  -- Tries since it last made progress; outages are taken back.
  attempts bigint NOT NULL,
  -- A try was begun and has not ended. At a start: the process ended in the middle of it.
  is_running boolean NOT NULL,
  -- `refusing`: the hospital's staff decided that it shall be refused.
  state text NOT NULL CHECK (state IN ('trying', 'parked', 'refusing')),
  -- Why the last try failed, a code.
  code text,
  changed_at_s bigint NOT NULL
);
CREATE INDEX request_jobs_parked ON request_jobs (changed_at_s) WHERE state = 'parked';
