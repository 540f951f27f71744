-- A key may be wrapped anew by another master key, or destroyed. A destroyed one is never set again.
create function log.guard_key() returns trigger
language plpgsql
as $$
begin
    if old.wrapped_key is null then
        raise exception 'the key was destroyed at %: it is not set again', old.destroyed_at
            using errcode = 'restrict_violation';
    end if;
    if new.wrapped_key is not null and new.master_key is not distinct from old.master_key then
        raise exception 'a key is only replaced to wrap it by another master key'
            using errcode = 'restrict_violation';
    end if;
    if (to_jsonb(new) - array['wrapped_key', 'master_key', 'destroyed_at'])
        <> (to_jsonb(old) - array['wrapped_key', 'master_key', 'destroyed_at'])
    then
        raise exception 'of a key only how it is wrapped may change'
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
