-- Drops the years of requests that ended so many days ago; how many those were. Their idempotency
-- keys are known no more: a request with one of them is a new one. Whoever takes over the service
-- cannot have a key forgotten that was used within a month.
--
-- A year goes only while nobody reads requests: appends would wait behind whoever waits for that,
-- so it is tried for a moment.
create function log.expire_requests(in_days integer) returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '200ms'
as $$
declare
    oldest text := 'requests_' || to_char(
        (now() - make_interval(days => in_days)) at time zone 'UTC', 'YYYY'
    );
    part text;
    dropped integer := 0;
begin
    if in_days < 31 then
        raise exception 'idempotency keys are kept for 31 days at least, not for %', in_days
            using errcode = 'check_violation';
    end if;
    for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'log.requests'::regclass and c.relname < oldest
        order by c.relname
    loop
        execute format('drop table log.%I', part);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$;
