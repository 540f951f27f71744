-- The last position of a ledger: 0 while it is empty, null where no such ledger is known.
create function log.head(in_ledger text) returns bigint
language sql stable
as $$
    select coalesce(
        (
            select e.position from log.events e
            where e.ledger = in_ledger
            order by e.position desc
            limit 1
        ),
        (select 0 from log.ledgers l where l.ledger = in_ledger)
    );
$$;
