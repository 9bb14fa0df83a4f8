-- The private context has the terms and the catalogue now. What stays here is our own copy of what was filed through this gateway: from it the
-- context is mended, or a new one filled. The catalogue needs none: it follows from the links.
ALTER TABLE context_terms
  -- Tenant in whose name it was filed, and the context that has it; null while none does.
  ADD COLUMN seat text,
  ADD COLUMN circle text,
  DROP COLUMN grantee_hash;
CREATE INDEX context_terms_by_circle ON context_terms (circle);
DROP TABLE context_catalogue;
