-- Fired by the event that says that a person is erased: the key goes in the same transaction.
create function log.erase_person() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform log.destroy_keys(
        new.ledger, convert_from(new.data, 'UTF8')::jsonb ->> 'official_id'
    );
    return null;
end
$$;
