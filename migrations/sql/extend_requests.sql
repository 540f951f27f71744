-- Makes the years of requests that are not there yet, up to the one that begins within a month.
-- Each is guarded as the whole is, and is joined to it without a wait for whoever reads or appends.
create function log.extend_requests() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last integer;
    ahead integer := extract(year from (now() + interval '31 days') at time zone 'UTC');
    part text;
begin
    for pass in 1..2 loop
        select max(right(c.relname, 4)::integer) into last
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'log.requests'::regclass;
        if last >= ahead then
            return;
        end if;
        -- Processes that start at once make it one after the other: it is looked for again.
        perform pg_advisory_xact_lock(8090004);
    end loop;
    for begun in last + 1..ahead loop
        part := 'requests_' || begun;
        execute format('create table log.%I (like log.requests)', part);
        execute format(
            'create trigger append_only before update or delete or truncate on log.%I '
            'for each statement execute function log.refuse_change()', part
        );
        execute format('alter table log.%I enable always trigger append_only', part);
        execute format(
            'alter table log.requests attach partition log.%I for values from (%L) to (%L)', part,
            make_timestamptz(begun, 1, 1, 0, 0, 0, 'UTC'),
            make_timestamptz(begun + 1, 1, 1, 0, 0, 0, 'UTC')
        );
    end loop;
end
$$;
