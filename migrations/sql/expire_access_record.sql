-- Drops the months of the access record that ended so many days ago; how many those were. Whoever
-- takes over the service cannot have more forgotten than what is older than half a year.
create function access.expire_record(in_days integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    oldest text := 'record_' || to_char(
        (now() - make_interval(days => in_days)) at time zone 'UTC', 'YYYY_MM'
    );
    part text;
    dropped integer := 0;
begin
    if in_days < 180 then
        raise exception 'the access record is kept for 180 days at least, not for %', in_days
            using errcode = 'check_violation';
    end if;
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'access.record'::regclass and c.relname < oldest
        order by c.relname
    loop
        execute format('drop table access.%I', part);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;
