-- The log's epoch. A log that lives in another database than the one its epoch began in was
-- restored there: a new epoch begins before anything is appended, so that it has in common with the
-- one before all that the log holds. A session lives in one database only: it looks once an epoch.
create function log.epoch() returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    last log.epochs;
    here record;
begin
    select e.* into strict last from log.epochs e order by e.number desc limit 1;
    if last.epoch is distinct from current_setting('giaoviec.epoch', true) then
        select i.* into here from log.database_identity() i;
        if (here.system_identifier, here.database_oid)
            <> (last.system_identifier, last.database_oid)
        then
            last.epoch := log.begin_epoch(last.epoch, 'the log lives in another database', '{}');
        end if;
        perform set_config('giaoviec.epoch', last.epoch, false);
    end if;
    return last.epoch;
end
$$;
