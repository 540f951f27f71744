-- The log is append-only, for its owner too: fired before every statement that would change it.
create function log.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception 'log.% is append-only: % is refused', tg_table_name, tg_op
        using errcode = 'restrict_violation',
              hint = 'What happened stays recorded; record a new event instead.';
end
$$;
