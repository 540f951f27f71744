-- The access record is append-only, for its owner too: fired before every statement that changes it.
create function access.refuse_change() returns trigger
language plpgsql
as $$
begin
    raise exception 'access.% is append-only: % is refused', tg_table_name, tg_op
        using errcode = 'restrict_violation',
              hint = 'What is older than its retention goes month by month.';
end
$$;
