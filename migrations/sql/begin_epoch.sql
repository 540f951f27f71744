-- Begins a new epoch of the log, unless one began since in_last. Returns the current one.
--
-- With the epoch before it has in common what the log holds now, of each ledger up to its head; of
-- the ledgers in in_heads (ledger: position) only up to there.
create function log.begin_epoch(in_last text, in_reason text, in_heads jsonb) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last log.epochs;
    begun text;
begin
    perform pg_advisory_xact_lock(hashtextextended('giaoviec.epochs', 0));
    select e.* into last from log.epochs e order by e.number desc limit 1;
    if last.epoch is distinct from in_last then
        return last.epoch;
    end if;
    insert into log.epochs (number, epoch, reason, system_identifier, database_oid, heads)
    select
        coalesce(last.number, 0) + 1, left(replace(gen_random_uuid()::text, '-', ''), 12),
        in_reason, i.system_identifier, i.database_oid,
        coalesce(
            (
                select jsonb_object_agg(
                    l.ledger, least(log.head(l.ledger), (in_heads -> l.ledger)::bigint)
                )
                from log.ledgers l
            ),
            '{}'
        )
    from log.database_identity() i
    returning epoch into begun;
    perform pg_notify('giaoviec.epochs', begun);
    return begun;
end
$$;
