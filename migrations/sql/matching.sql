-- The positions after in_after of the events that match any item of a query, in order, at most
-- in_limit (null: all). Each item is its tags and its types, joined with U+001F, '' for none: an
-- event matches if it has all the tags and, where types are named, one of them.
create function log.matching(
    in_ledger text, in_tags text[], in_types text[], in_after bigint, in_limit bigint
) returns setof bigint
language plpgsql stable rows 100
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    separator constant text := E'\x1f';
begin
    return query
    select distinct found.position
    from unnest(in_tags, in_types) as item (tags, types)
    cross join lateral (
        (
            select t.position
            from log.event_tags t
            where item.tags <> ''
            and t.ledger = in_ledger
            and t.tag = split_part(item.tags, separator, 1)
            and t.position > in_after
            and (item.types = '' or t.type = any (string_to_array(item.types, separator)))
            and (strpos(item.tags, separator) = 0 or (
                select e.tags @> string_to_array(item.tags, separator)
                from log.events e
                where e.ledger = in_ledger and e.position = t.position
            ))
            order by t.position
            limit in_limit
        )
        union all
        (
            select typed.position
            from string_to_table(item.types, separator) as wanted (type)
            cross join lateral (
                -- Compared as rows, so that only the index by type serves.
                select e.position
                from log.events e
                where e.ledger = in_ledger
                and (e.type, e.position) > (wanted.type, in_after)
                and e.type <= wanted.type
                order by e.type, e.position
                limit in_limit
            ) typed
            where item.tags = ''
        )
        union all
        (
            select e.position
            from log.events e
            where item.tags = '' and item.types = ''
            and e.ledger = in_ledger and e.position > in_after
            order by e.position
            limit in_limit
        )
    ) found
    order by found.position
    limit in_limit;
end
$$;
