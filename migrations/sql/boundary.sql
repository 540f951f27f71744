-- What a command needs to decide, in one snapshot: the events of its boundary after in_after in
-- order (their tags joined with U+001F), the log's epoch, the ledger's head (null: the ledger is
-- unknown), and what is stored with its idempotency key, if it came before.
create function log.boundary(
    in_ledger text,
    in_tags text[],
    in_types text[],
    in_after bigint,
    in_client text,
    in_key text,
    out epoch text,
    out head bigint,
    out positions bigint[],
    out types text[],
    out versions smallint[],
    out tags text[],
    out data bytea[],
    out known_digest bytea,
    out known_first bigint,
    out known_last bigint,
    out known_at timestamptz,
    out known_reply bytea
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    select e.epoch into epoch from log.epochs e order by e.number desc limit 1;
    head := log.head(in_ledger);

    if in_key is not null then
        select r.digest, r.first_position, r.last_position, r.recorded_at, r.reply
        into known_digest, known_first, known_last, known_at, known_reply
        from log.requests r
        where r.ledger = in_ledger and r.client = in_client and r.key = in_key;
    end if;

    select array_agg(e.position), array_agg(e.type), array_agg(e.schema_version),
           array_agg(array_to_string(e.tags, E'\x1f')), array_agg(e.data)
    into positions, types, versions, tags, data
    from log.matching(in_ledger, in_tags, in_types, in_after, null) as m (position)
    cross join lateral (
        select e.position, e.type, e.schema_version, e.tags, e.data
        from log.events e
        where e.ledger = in_ledger and e.position = m.position
        limit 1
    ) e;
end
$$;
