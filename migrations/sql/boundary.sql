-- What a command needs to decide, in one snapshot: the events of its boundary after in_after in
-- order (their tags joined with U+001F), the log's epoch, the ledger's head (null: the ledger is
-- unknown), what is stored with its idempotency key, if it came before, and whether an event of the
-- type in_occurring, if one is named, was ever recorded. Among the events are the first ones ever
-- recorded with each of in_first_tags and one of its types in in_first_types.
create or replace function log.boundary(
    in_ledger text,
    in_tags text[],
    in_types text[],
    in_after bigint,
    in_client text,
    in_key text,
    in_occurring text default null,
    in_first_tags text[] default '{}',
    in_first_types text[] default '{}',
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
    out known_reply bytea,
    out occurs boolean
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    select current.epoch, log.head(in_ledger) into epoch, head
    from (select e.epoch from log.epochs e order by e.number desc limit 1) current;

    if in_key is not null then
        select r.digest, r.first_position, r.last_position, r.recorded_at, r.reply
        into known_digest, known_first, known_last, known_at, known_reply
        from log.requests r
        where log.key_digest(r.ledger, r.client, r.key)
            = log.key_digest(in_ledger, in_client, in_key)
        and r.ledger = in_ledger and r.client = in_client and r.key = in_key
        limit 1;
    end if;

    if in_occurring is not null then
        -- Compared so that only the index by type serves.
        occurs := exists (
            select from log.events e
            where log.digest(e.ledger, e.type) = log.digest(in_ledger, in_occurring)
            and e.ledger is not distinct from in_ledger
            and e.type = in_occurring
            order by e.position
            limit 1
        );
    end if;

    select array_agg(e.position), array_agg(e.type), array_agg(e.schema_version),
           array_agg(array_to_string(e.tags, E'\x1f')), array_agg(e.data)
    into positions, types, versions, tags, data
    from (
        select m.position
        from log.matching(in_ledger, in_tags, in_types, in_after, null) as m (position)
        union all
        select first.position
        from unnest(in_first_tags, in_first_types) as item (tag, types)
        cross join lateral (
            select t.position
            from log.tagged t
            where t.tag = (
                select w.id from log.words w where w.ledger = in_ledger and w.word = item.tag
            )
            and t.type = any (array(
                select (
                    select w.id from log.words w
                    where w.ledger = in_ledger and w.word = wanted.type
                )
                from string_to_table(item.types, E'\x1f') as wanted (type)
            ))
            order by t.position
            limit 1
        ) first
        order by position
    ) m
    cross join lateral (
        select e.position, e.type, e.schema_version, e.tags, e.data
        from log.events e
        where e.ledger = in_ledger and e.position = m.position
        limit 1
    ) e;
end
$$;
