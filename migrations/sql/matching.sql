-- The positions after in_after of the events that match any item of a query, in order, at most
-- in_limit (null: all). Each item is its tags and its types, joined with U+001F, '' for none: an
-- event matches if it has all the tags and, where types are named, one of them. Of several tags the
-- rarest is followed, as far as that is soon counted, and the others are looked up in the index.
create or replace function log.matching(
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
    few constant integer := 4;
    many constant integer := 4096;
begin
    return query
    select distinct found.position
    from (
        -- Counted a little first: most often one of them is rare.
        select item.*, case
            when strpos(item.tags, separator) = 0 then (
                select w.id from log.words w where w.ledger = in_ledger and w.word = item.tags
            )
            else coalesce(
                (
                    select counted.tag
                    from unnest(item.numbers) as counted (tag)
                    cross join lateral (
                        select count(*) as events
                        from (
                            select from log.tagged c
                            where c.tag = counted.tag and c.position > in_after
                            limit few
                        ) c
                    ) c
                    where c.events < few
                    limit 1
                ),
                (
                    select counted.tag
                    from unnest(item.numbers) as counted (tag)
                    cross join lateral (
                        select count(*) as events
                        from (
                            select from log.tagged c
                            where c.tag = counted.tag and c.position > in_after
                            limit many
                        ) c
                    ) c
                    order by c.events
                    limit 1
                )
            )
        end as rarest
        from (
            -- A tag that the ledger never had is 0, which no word is.
            select named.tags, named.types, case when strpos(named.tags, separator) > 0 then array(
                select coalesce(
                    (
                        select w.id from log.words w
                        where w.ledger = in_ledger and w.word = asked.tag
                    ),
                    0
                )
                from string_to_table(named.tags, separator) as asked (tag)
            ) end as numbers, case when named.tags <> '' and named.types <> '' then array(
                select (
                    select w.id from log.words w
                    where w.ledger = in_ledger and w.word = asked.type
                )
                from string_to_table(named.types, separator) as asked (type)
            ) end as kinds
            from unnest(in_tags, in_types) as named (tags, types)
            offset 0
        ) item
        offset 0  -- so that it is looked for once, and not for every event
    ) item
    cross join lateral (
        (
            select t.position::bigint
            from log.tagged t
            where item.tags <> ''
            and t.tag = item.rarest
            and t.position > in_after
            and (item.types = '' or t.type = any (item.kinds))
            and (strpos(item.tags, separator) = 0 or not exists (
                select
                from unnest(item.numbers) as other (tag)
                where other.tag <> item.rarest
                and not exists (
                    select from log.tagged o
                    where o.tag = other.tag and o.position = t.position
                )
            ))
            order by t.position
            limit in_limit
        )
        union all
        (
            select typed.position
            from string_to_table(item.types, separator) as wanted (type)
            cross join lateral (
                -- Compared so that only the index by type serves.
                select e.position
                from log.events e
                where log.digest(e.ledger, e.type) = log.digest(in_ledger, wanted.type)
                and e.position > in_after
                and e.ledger is not distinct from in_ledger
                and e.type = wanted.type
                order by e.position
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
