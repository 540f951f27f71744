-- Which cluster and which database this is: one of both changes when a dump is restored and when a
-- copy takes the database's name. A failover changes neither. 0 where the server does not say.
create function log.database_identity(out system_identifier bigint, out database_oid bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    select d.oid into database_oid from pg_database d where d.datname = current_database();
    select c.system_identifier into system_identifier from pg_control_system() c;
exception
    when insufficient_privilege then
        system_identifier := 0;
end
$$;
