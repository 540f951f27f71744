-- The lock of one ledger, held to the end of the transaction. Whoever appends holds it, and so
-- must whoever needs the ledger to stand still, such as the swap of a rebuilt read model.
create function log.ledger_lock(in_ledger text) returns void
language sql volatile
as $$
    select pg_advisory_xact_lock(hashtextextended('giaoviec.log.' || in_ledger, 0));
$$;
