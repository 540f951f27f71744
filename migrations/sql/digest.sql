-- A number for a word of a ledger, such as a type: by it an index is narrow. Words that share one
-- are told apart by the event itself.
create function log.digest(in_ledger text, in_word text) returns bigint
language sql immutable strict parallel safe
as $$
    select hashtextextended(in_word, hashtextextended(in_ledger, 0))
$$;
