-- Appends a batch of requests to one ledger: each request's events all or none, contiguous.
--
-- One element per request: client, key, digest, reply (null where it has no idempotency key),
-- and which of the batch's events are its first and its last, from 1. One element per item of an
-- append condition, one per event; both name their request by its number from 1, events in the
-- order of their requests. in_least_after is the least of the items' positions, null without any.
-- Tags and types travel joined with U+001F; '' means none. Requests of one batch must not depend
-- on one another: none repeats a key, none has a condition that an earlier one's events could
-- match.
--
-- What the sender believes is checked under the ledger's lock, and by any difference nothing at all
-- is appended:
--   in_now, in_skew: the sender's clock, and how far the server's may differ (GV001), the server's
--     from the last event's instant too. Null: not checked.
--   in_seen, in_seen_id: the last event of the ledger that the sender knows: it must be there
--     (GV003). Null: it knows none.
-- In in_epoch the conditions' boundaries were read; in another epoch every condition fails. Null:
-- not checked.
--
-- Every key of a person with which events are sealed: its request, the person, the SHA-256 of the
-- key as it is stored. Whatever key is missing, destroyed or another one, nothing of its request is
-- appended. A key that is destroyed later erases these events too, so none is locked.
--
-- Returns the epoch, the head before the batch and the instant of recording; the numbers of the
-- requests whose condition failed; of those with such keys; and of those whose idempotency key was
-- known, beside what was stored with it. All others are appended, in order, from head_before + 1.
-- Nobody is notified: a notification would make ledgers wait for one another at commit.
create function log.append(
    in_ledger text,
    in_now timestamptz,
    in_skew interval,
    in_seen bigint,
    in_seen_id uuid,
    in_epoch text,
    in_clients text[],
    in_keys text[],
    in_digests bytea[],
    in_replies bytea[],
    in_firsts integer[],
    in_lasts integer[],
    in_least_after bigint,
    in_item_requests integer[],
    in_item_tags text[],
    in_item_types text[],
    in_item_afters bigint[],
    in_key_requests integer[],
    in_key_subjects text[],
    in_key_digests bytea[],
    in_event_requests integer[],
    in_ids uuid[],
    in_types text[],
    in_versions smallint[],
    in_effective date[],
    in_actors text[],
    in_bodies text[],
    in_bases text[],
    in_correlations uuid[],
    in_causations uuid[],
    in_tags text[],
    in_data bytea[],
    in_tokens text[] default '{}',
    out epoch text,
    out head_before bigint,
    out stamped_at timestamptz,
    out conflicting integer[],
    out keyless integer[],
    out known integer[],
    out known_digests bytea[],
    out known_first bigint[],
    out known_last bigint[],
    out known_at timestamptz[],
    out known_replies bytea[]
)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- Planning would cost more than the work; and a plan made while the log is small must not scan
-- it once it has grown.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    separator constant text := E'\x1f';
    head_id uuid;
    refused integer[];
    -- By request: how many events of those before it are not recorded. Null: all are.
    dropped bigint[];
    -- Of tags that are new to the ledger, or on an event of such a type.
    new_positions bigint[];
    new_tag_ids integer[];
    new_tags text[];
    new_type_ids integer[];
    new_types text[];
    new_words text[];
begin
    perform log.ledger_lock(in_ledger);
    select current.epoch, last.position, last.event_id, last.recorded_at
    into epoch, head_before, head_id, stamped_at
    from (select e.epoch from log.epochs e order by e.number desc limit 1) current
    left join lateral (
        select e.position, e.event_id, e.recorded_at from log.events e
        where e.ledger = in_ledger
        order by e.position desc
        limit 1
    ) last on true;
    -- A session that began in this epoch need not ask whether the log was restored; one that
    -- begins makes sure that there is a year to record in.
    if epoch is distinct from current_setting('giaoviec.epoch', true) then
        epoch := log.epoch();
        perform log.extend_requests();
    end if;
    if head_before is null then
        perform from log.ledgers l where l.ledger = in_ledger;
        if not found then
            raise exception 'ledger % is unknown', in_ledger using errcode = 'no_data_found';
        end if;
        head_before := 0;
    end if;
    -- A sender that wrote last knows the head itself.
    if in_seen is not null and (in_seen, in_seen_id) is distinct from (head_before, head_id) then
        perform from log.events e
        where e.ledger = in_ledger and e.position = in_seen and e.event_id = in_seen_id;
        if not found then
            raise exception 'event % of ledger % is not what it was', in_seen, in_ledger
                using errcode = 'GV003';
        end if;
    end if;

    -- An instant before the last one is never recorded.
    if greatest(clock_timestamp(), stamped_at, in_now)
        > least(clock_timestamp(), in_now) + in_skew
    then
        raise exception 'the clocks disagree: server %, sender %, last event %',
            clock_timestamp(), in_now, stamped_at
            using errcode = 'GV001', detail = extract(
                epoch from greatest(clock_timestamp(), stamped_at, in_now)
                    - least(clock_timestamp(), in_now)
            )::text;
    end if;
    stamped_at := greatest(clock_timestamp(), stamped_at);

    select coalesce(array_agg(r.n), '{}'), array_agg(q.digest), array_agg(q.first_position),
           array_agg(q.last_position), array_agg(q.recorded_at), array_agg(q.reply)
    into known, known_digests, known_first, known_last, known_at, known_replies
    from unnest(in_clients, in_keys) with ordinality as r (client, key, n)
    cross join lateral (
        select q.* from log.requests q
        where log.key_digest(q.ledger, q.client, q.key)
            = log.key_digest(in_ledger, r.client, r.key)
        and q.ledger = in_ledger and q.client = r.client and q.key = r.key
        limit 1
    ) q;

    conflicting := '{}';
    if in_epoch <> epoch then
        select coalesce(array_agg(distinct i.request), '{}') into conflicting
        from unnest(in_item_requests) as i (request)
        where i.request <> all (known);
    elsif in_least_after < head_before then
        select coalesce(array_agg(distinct i.request), '{}')
        into conflicting
        from unnest(in_item_requests, in_item_tags, in_item_types, in_item_afters)
            as i (request, tags, types, after)
        where i.after < head_before
        and i.request <> all (known)
        and case
            when i.tags <> '' then exists (
                select from log.tagged t
                where t.tag = (
                    select w.id from log.words w
                    where w.ledger = in_ledger and w.word = split_part(i.tags, separator, 1)
                )
                and t.position > i.after
                and (i.types = '' or t.type = any (array(
                    select (
                        select w.id from log.words w
                        where w.ledger = in_ledger and w.word = wanted.type
                    )
                    from string_to_table(i.types, separator) as wanted (type)
                )))
                and (strpos(i.tags, separator) = 0 or (
                    select e.tags @> string_to_array(i.tags, separator)
                    from log.events e
                    where e.ledger = in_ledger and e.position = t.position
                ))
            )
            when i.types <> '' then exists (
                select from string_to_table(i.types, separator) as wanted (type)
                cross join lateral (
                    -- Compared so that only the index by type serves.
                    select
                    from log.events e
                    where log.digest(e.ledger, e.type) = log.digest(in_ledger, wanted.type)
                    and e.position > i.after
                    and e.ledger is not distinct from in_ledger
                    and e.type = wanted.type
                    order by e.position
                    limit 1
                ) next
            )
            else true
        end;
    end if;

    keyless := '{}';
    if cardinality(in_key_requests) > 0 then
        select coalesce(array_agg(distinct k.request), '{}') into keyless
        from unnest(in_key_requests, in_key_subjects, in_key_digests)
            as k (request, subject, digest)
        where k.request <> all (known || conflicting)
        and not exists (
            select from log.person_keys p
            where p.ledger = in_ledger and p.subject = k.subject
            and sha256(p.wrapped_key) = k.digest
        );
    end if;

    refused := known || conflicting || keyless;
    if refused <> '{}' then
        select array_agg(r.dropped order by r.n) into dropped
        from (
            select a.n, coalesce(
                sum(a.last - a.first + 1) filter (where a.n = any (refused))
                    over (order by a.n rows between unbounded preceding and 1 preceding),
                0
            ) as dropped
            from unnest(in_firsts, in_lasts) with ordinality as a (first, last, n)
        ) r;
    end if;

    with recorded as (
        insert into log.events (
            ledger, position, event_id, type, schema_version, recorded_at, effective_on, actor,
            on_behalf_of, basis, correlation_id, causation_id, tags, data,
            token_id
        )
        select
            in_ledger, head_before + e.n - coalesce(dropped[e.request], 0), e.id, e.type, e.version,
            stamped_at, e.effective_on, e.actor, e.body, e.basis::jsonb, e.correlation_id,
            e.causation_id, string_to_array(e.tags, separator), e.data, e.token_id
        from unnest(
            in_event_requests, in_ids, in_types, in_versions, in_effective, in_actors, in_bodies,
            in_bases, in_correlations, in_causations, in_tags, in_data, in_tokens
        ) with ordinality as e (
            request, id, type, version, effective_on, actor, body, basis, correlation_id,
            causation_id, tags, data, token_id, n
        )
        where e.request <> all (refused)
        returning position, type, tags
    ), numbered as materialized (
        -- A word that is new to the ledger has no number yet.
        select r.position, tag.word, r.type, r.type_id, (
            select w.id from log.words w where w.ledger = in_ledger and w.word = tag.word
        ) as tag_id
        from (
            select recorded.*, (
                select w.id from log.words w where w.ledger = in_ledger and w.word = recorded.type
            ) as type_id
            from recorded
            offset 0  -- so that it is looked for once, and not for every tag
        ) r, unnest(r.tags) as tag (word)
    ), tagged as (
        insert into log.tagged (tag, position, type)
        select n.tag_id, n.position, n.type_id from numbered n
        where n.tag_id is not null and n.type_id is not null
    ), answered as (
        insert into log.requests (
            ledger, client, key, digest, first_position, last_position, recorded_at, reply
        )
        select
            in_ledger, r.client, r.key, r.digest,
            head_before + r.first - coalesce(dropped[r.n], 0),
            head_before + r.last - coalesce(dropped[r.n], 0), stamped_at, r.reply
        from unnest(in_clients, in_keys, in_digests, in_replies, in_firsts, in_lasts)
            with ordinality as r (client, key, digest, reply, first, last, n)
        where r.key is not null and r.n <> all (refused)
    )
    select
        array_agg(n.position), array_agg(n.tag_id), array_agg(n.word), array_agg(n.type_id),
        array_agg(n.type), array_agg(n.word) filter (where n.tag_id is null)
            || array_agg(n.type) filter (where n.type_id is null)
    into new_positions, new_tag_ids, new_tags, new_type_ids, new_types, new_words
    from numbered n
    where n.tag_id is null or n.type_id is null;

    if new_words is not null then
        insert into log.words (ledger, word)
        select distinct in_ledger, made.word from unnest(new_words) as made (word);
        insert into log.tagged (tag, position, type)
        select
            coalesce(t.tag_id, (
                select w.id from log.words w where w.ledger = in_ledger and w.word = t.tag
            )),
            t.position,
            coalesce(t.type_id, (
                select w.id from log.words w where w.ledger = in_ledger and w.word = t.type
            ))
        from unnest(new_positions, new_tag_ids, new_tags, new_type_ids, new_types)
            as t (position, tag_id, tag, type_id, type);
    end if;
end
$$;
