-- Makes the months of the access record that are not there yet: the last one, this one, and those
-- that begin within a quarter. Each is guarded as the whole is: a statement on it alone is refused.
create function access.extend_record() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    begins timestamp;
    part text;
begin
    for ahead in -1..3 loop
        begins := date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead);
        part := 'record_' || to_char(begins, 'YYYY_MM');
        continue when to_regclass('access.' || part) is not null;
        -- Processes that start at once make it one after the other.
        perform pg_advisory_xact_lock(8090003);
        continue when to_regclass('access.' || part) is not null;
        execute format(
            'create table access.%I partition of access.record for values from (%L) to (%L)',
            part, begins at time zone 'UTC', (begins + interval '1 month') at time zone 'UTC'
        );
        execute format(
            'create trigger append_only before update or delete or truncate on access.%I '
            'for each statement execute function access.refuse_change()', part
        );
        execute format('alter table access.%I enable always trigger append_only', part);
    end loop;
end
$$;
