-- The last position of a ledger that was recorded before an instant; 0 where none was. Positions
-- are in the order of recording, so it is found by halving.
create function log.position_before(in_ledger text, in_instant timestamptz) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    low bigint := 0;
    high bigint := coalesce(log.head(in_ledger), 0);
    middle bigint;
    recorded timestamptz;
begin
    while low < high loop
        middle := (low + high + 1) / 2;
        select e.recorded_at into recorded from log.events e
        where e.ledger = in_ledger and e.position = middle;
        if recorded < in_instant then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end
$$;
