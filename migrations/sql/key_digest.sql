-- A number for an idempotency key: by it the index of requests is narrow. Keys that share one are
-- told apart by the request itself.
create function log.key_digest(in_ledger text, in_client text, in_key text) returns bigint
language sql immutable strict parallel safe
as $$
    select hashtextextended(
        in_key, hashtextextended(in_client, hashtextextended(in_ledger, 0))
    )
$$;
