-- Makes the next part of the log's events, and of their tags, once a ledger is half through the last
-- one: each part holds in_size positions of every ledger. It is guarded as the whole is, and is joined
-- to it without a wait for whoever reads or appends.
create function log.extend_log(in_size bigint default 50000000) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The last position of tags, which are as wide as need be, and so of a ledger.
    last_position constant bigint := 2147483647;
    begun bigint;
    whole text;
    part text;
begin
    for pass in 1..2 loop
        select max((regexp_match(
            pg_get_expr(c.relpartbound, c.oid), 'TO \(''?(\d+)'
        ))[1]::bigint) into begun
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'log.events'::regclass;
        if begun > last_position
            or not exists (
                select from log.ledgers l where log.head(l.ledger) >= begun - in_size / 2
            )
        then
            return;
        end if;
        -- Processes that start at once make it one after the other: it is looked for again.
        perform pg_advisory_xact_lock(8090005);
    end loop;
    foreach whole in array array['events', 'tagged'] loop
        part := whole || '_from_' || begun;
        execute format('create table log.%I (like log.%I including constraints)', part, whole);
        execute format(
            'create trigger append_only before update or delete or truncate on log.%I '
            'for each statement execute function log.refuse_change()', part
        );
        execute format('alter table log.%I enable always trigger append_only', part);
        execute format(
            'alter table log.%I attach partition log.%I for values from (%s) to (%s)', whole, part,
            begun, case
                when whole = 'tagged' and begun + in_size > last_position then 'maxvalue'
                else (begun + in_size)::text
            end
        );
    end loop;
end
$$;
