-- Taking a message in: the one way in which a message, its seals and their places in the streams come to be written, for one call on
-- the hot path. It runs as the projector, since nobody else may write there, and asks itself what row-level security would: that this
-- person of this authority may write in this compartment now. Answers {outcome: 'accepted' | a conflict's reason, accepted_at, places,
-- fresh}. libs/persistence/src/threads.store.ts is its only caller.

create function sluss_accept_message(in_case uuid, m jsonb) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_variable
declare
  me uuid := sluss_user();
  own uuid := sluss_authority();
  message uuid := (m ->> 'id')::uuid;
  thread uuid := (m ->> 'thread')::uuid;
  written_at timestamptz := (m ->> 'at')::timestamptz;
  sealed bytea := decode(m ->> 'ciphertext', 'base64');
  digest bytea := sha256(sealed);
  moment timestamptz;
  place record;
  epoch record;
  earlier record;
  flow record;
  known record;
  expected uuid[];
  offered uuid[];
  places jsonb;
begin
  -- A message is wholly before or wholly after an append (cases.store lockCase takes the same lock alone), and messages of one
  -- thread are accepted one after the other, so that accepted_at orders what has been committed.
  perform pg_advisory_xact_lock_shared(hashtextextended(in_case::text, 1)), pg_advisory_xact_lock(hashtextextended(thread::text, 2));
  moment := sluss_now();

  -- The source's assigned staff, in the categories of the assignment (compartments_own_category), while the case is open to her
  -- authority: nothing is written in one that is closed to it, by the clock too (domain.md § 12).
  select c.id, c.purpose into place
  from compartments c
  join parties p on p.case_id = c.case_id and p.authority_id = c.authority_id and p.during @> moment
  join assignments a on a.case_id = c.case_id and a.authority_id = c.authority_id and a.user_id = me
    and a.state = 'standing' and a.valid_until > moment and c.category = any (a.categories)
  where c.id = (m ->> 'compartment')::uuid and c.case_id = in_case and c.authority_id = own;
  if not found then
    return jsonb_build_object('outcome', 'message-refused');
  end if;

  select x.author_id, x.compartment_id, x.thread_id, x.accepted_at, sha256(x.ciphertext) as digest into earlier
  from messages x where x.id = message;
  if found then
    if (earlier.author_id, earlier.compartment_id, earlier.thread_id, earlier.digest) is distinct from (me, place.id, thread, digest) then
      return jsonb_build_object('outcome', 'already-exists');
    end if;
    -- The places that the author reads; those of the flows were answered and published the first time.
    return jsonb_build_object('outcome', 'accepted', 'fresh', false, 'accepted_at', sluss_moment(earlier.accepted_at), 'places', coalesce(
      (select jsonb_agg(jsonb_build_object('key', s.key_id, 'seq', s.seq)) from seals s
       where s.message_id = message and s.seq is not null
         and exists (select 1 from readers r where r.key_id = s.key_id and r.user_id = me and r.valid_from <= moment and r.valid_until > moment)), '[]'));
  end if;

  if abs(extract(epoch from written_at - date_trunc('minute', moment))) > 120 then
    return jsonb_build_object('outcome', 'clock-apart');
  end if;

  select k.id, exists (select 1 from readers r where r.key_id = k.id and r.user_id = me and r.may_write
      and r.valid_from <= moment and r.valid_until > moment) as is_hers into epoch
  from content_keys k
  where k.compartment_id = place.id and k.kind = 'epoch' and k.stale_since is null
    and k.valid_until > moment and k.valid_until > written_at
  order by k.valid_until desc limit 1;
  if not found then
    return jsonb_build_object('outcome', 'key-stale');
  end if;
  if not epoch.is_hers then
    return jsonb_build_object('outcome', 'message-refused');
  end if;
  expected := array[epoch.id];

  select coalesce(array_agg((s ->> 'key')::uuid), '{}') into offered from jsonb_array_elements(m -> 'seals') as s;
  for flow in
    select f.name, k.id as key_id, k.stale_since is null and k.valid_until > moment and k.valid_until > written_at as current,
      written_at <@ k.covers as covered
    from flows f left join content_keys k on k.id = f.flow_key_id and k.compartment_id = place.id and k.kind = 'flow'
    where f.compartment_id = place.id and f.reception_id is not null and f.valid_from <= moment and f.valid_until > moment
      and not exists (select 1 from jsonb_array_elements(m -> 'leftOut') as l where l ->> 'flow' = f.name)
  loop
    if flow.current is not true then
      return jsonb_build_object('outcome', 'key-stale');
    end if;
    if flow.key_id = any (offered) and flow.covered is not true then
      return jsonb_build_object('outcome', 'message-refused');
    end if;
    -- Flows to several units of one authority may have one key.
    if flow.key_id <> all (expected) then
      expected := expected || flow.key_id;
    end if;
  end loop;
  if cardinality(offered) <> cardinality(expected) or not offered @> expected then
    -- A seal under a replaced key says that the sender has not seen the newest one; of another compartment's keys nothing is said.
    if exists (select 1 from content_keys k where k.id = any (offered) and k.compartment_id = place.id and (k.stale_since is not null or k.valid_until <= moment)) then
      return jsonb_build_object('outcome', 'key-stale');
    end if;
    return jsonb_build_object('outcome', 'seals-differ');
  end if;

  select t.case_id, t.purpose into known from threads t where t.id = thread;
  if not found then
    insert into threads (id, case_id, purpose) values (thread, in_case, place.purpose);
  elsif known.case_id <> in_case or known.purpose <> place.purpose then
    return jsonb_build_object('outcome', 'message-refused');
  end if;

  moment := sluss_clock();
  insert into messages (id, case_id, compartment_id, thread_id, author_id, at, accepted_at, commit, ciphertext)
  values (message, in_case, place.id, thread, me, written_at, moment, m ->> 'commit', sealed);
  with placed as (
    insert into streams as st (key_id, thread_id, case_id, compartment_id, authority_id, category, count, hash)
    select k.id, thread, in_case, place.id, k.authority_id, k.category, 1, sha256(sluss_stream_start(k.commit, k.id, thread) || digest)
    from content_keys k where k.id = any (expected) order by k.id
    on conflict (key_id, thread_id) do update set count = st.count + 1, hash = sha256(st.hash || digest)
    returning st.key_id, st.count
  ), written as (
    insert into seals (message_id, key_id, thread_id, seq, bytes)
    select message, p.key_id, thread, p.count, decode(s ->> 'bytes', 'base64')
    from jsonb_array_elements(m -> 'seals') as s join placed p on p.key_id = (s ->> 'key')::uuid
  )
  select jsonb_agg(jsonb_build_object('key', p.key_id, 'seq', p.count) order by p.key_id) into places from placed p;
  return jsonb_build_object('outcome', 'accepted', 'fresh', true, 'accepted_at', sluss_moment(moment), 'places', places);
end $$;

grant execute on function sluss_accept_message(uuid, jsonb) to sluss_app;
grant execute on function sluss_clock() to sluss_projector;
grant create on schema public to sluss_projector;
alter function sluss_accept_message(uuid, jsonb) owner to sluss_projector;
revoke create on schema public from sluss_projector;
