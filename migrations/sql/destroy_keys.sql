-- Erases a person: destroys the key of the person's data, and whatever else would give it back.
--
-- Files sent for import may name the person, and so may what was found in them: both go, and a file
-- that is being imported is left where it stands. The counter tells every process to drop the keys
-- that it keeps.
create function log.destroy_keys(in_ledger text, in_subject text) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into log.person_keys as k (ledger, subject, destroyed_at)
    values (in_ledger, in_subject, now())
    on conflict (ledger, subject) do update
    set wrapped_key = null, master_key = null, destroyed_at = now()
    where k.wrapped_key is not null;

    -- The jobs come first: whoever works on one locks it before what was found.
    update jobs.imports set
        state = case when state in ('waiting', 'running') then 'failed' else state end,
        ended_at = coalesce(ended_at, now()), erased_at = now(),
        content = null, claim = null, file = '', sha256 = ''
    where ledger = in_ledger and erased_at is null;
    delete from jobs.findings f using jobs.imports i
    where i.job = f.job and i.ledger = in_ledger;

    update log.person_keys set wrapped_key = null, master_key = null, destroyed_at = now()
    where ledger = in_ledger and subject >= '$import:' and subject < '$import;'
        and wrapped_key is not null;

    update log.destroyed_keys set number = number + 1;
    perform pg_notify('giaoviec.keys', in_ledger || ' ' || in_subject);
end
$$;
