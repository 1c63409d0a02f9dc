-- Taking a message in: one call for the hot path, with the caller's own rights (row-level security holds inside). Answers
-- {outcome: 'accepted' | a conflict's reason, accepted_at, places, fresh}. libs/persistence/src/threads.store.ts is its only caller.

create function sluss_accept_message(in_case uuid, m jsonb) returns jsonb
  language plpgsql volatile as $$
#variable_conflict use_variable
declare
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
  one record;
  expected uuid[] := '{}';
  offered uuid[];
  places jsonb := '[]';
  next_seq integer;
begin
  -- A message is wholly before or wholly after an append (cases.store lockCase takes the same lock alone), and messages of one
  -- thread are accepted one after the other, so that accepted_at orders what has been committed.
  perform pg_advisory_xact_lock_shared(hashtextextended(in_case::text, 1));
  perform pg_advisory_xact_lock(hashtextextended(thread::text, 2));

  select x.id, x.author_id, x.thread_id, sluss_moment(x.accepted_at) as accepted, sha256(x.ciphertext) as digest into earlier
  from messages x where x.id = message;
  if found then
    if earlier.author_id <> sluss_user() or earlier.thread_id <> thread or earlier.digest <> digest then
      return jsonb_build_object('outcome', 'already-exists');
    end if;
    -- The places that the author reads; those of the flows were answered and published the first time.
    return jsonb_build_object('outcome', 'accepted', 'fresh', false, 'accepted_at', earlier.accepted, 'places', coalesce(
      (select jsonb_agg(jsonb_build_object('key', s.key_id, 'seq', s.seq)) from seals s where s.message_id = message and s.seq is not null), '[]'));
  end if;

  moment := sluss_now();
  if abs(extract(epoch from written_at - date_trunc('minute', moment))) > 120 then
    return jsonb_build_object('outcome', 'clock-apart');
  end if;

  select c.id, c.purpose into place from compartments c where c.id = (m ->> 'compartment')::uuid and c.case_id = in_case;
  if not found then
    return jsonb_build_object('outcome', 'message-refused');
  end if;

  select k.id into epoch
  from content_keys k
  where k.compartment_id = place.id and k.kind = 'epoch' and k.stale_since is null
    and k.valid_until > moment and k.valid_until > written_at
  order by k.valid_until desc limit 1;
  if not found then
    return jsonb_build_object('outcome', 'key-stale');
  end if;
  if not exists (select 1 from readers r where r.key_id = epoch.id and r.user_id = sluss_user() and r.may_write
      and r.valid_from <= moment and r.valid_until > moment) then
    return jsonb_build_object('outcome', 'message-refused');
  end if;
  expected := array[epoch.id];

  select coalesce(array_agg((s ->> 'key')::uuid), '{}') into offered from jsonb_array_elements(m -> 'seals') as s;
  for flow in
    select f.name, k.id as key_id, k.stale_since is null and k.valid_until > moment and k.valid_until > written_at as current,
      written_at <@ k.covers as covered
    from flows f left join content_keys k on k.id = f.flow_key_id
    where f.compartment_id = place.id and f.reception_id is not null and f.valid_from <= moment and f.valid_until > moment
  loop
    if exists (select 1 from jsonb_array_elements(m -> 'leftOut') as l where flow.name = l ->> 'flow') then
      continue;
    end if;
    if flow.current is not true then
      return jsonb_build_object('outcome', 'key-stale');
    end if;
    if flow.key_id = any (offered) and flow.covered is not true then
      return jsonb_build_object('outcome', 'message-refused');
    end if;
    expected := expected || flow.key_id;
  end loop;
  if cardinality(offered) <> cardinality(expected) or not offered @> expected then
    -- A seal under a replaced key says that the sender has not seen the newest one.
    if exists (select 1 from content_keys k where k.id = any (offered) and (k.stale_since is not null or k.valid_until <= moment)) then
      return jsonb_build_object('outcome', 'key-stale');
    end if;
    return jsonb_build_object('outcome', 'seals-differ');
  end if;

  -- Streams come first: by its own stream row the thread is visible to the author, as inserting with `on conflict` demands.
  for one in
    select (s ->> 'key')::uuid as key_id from jsonb_array_elements(m -> 'seals') as s order by 1
  loop
    insert into streams as st (key_id, thread_id, case_id, compartment_id, authority_id, category, count, hash)
    select k.id, thread, in_case, place.id, k.authority_id, k.category, 1, sha256(sluss_stream_start(k.commit, k.id, thread) || digest)
    from content_keys k where k.id = one.key_id
    on conflict (key_id, thread_id) do update set count = st.count + 1, hash = sha256(st.hash || digest)
    returning st.count into next_seq;
    places := places || jsonb_build_object('key', one.key_id, 'seq', next_seq);
  end loop;

  insert into threads (id, case_id, purpose) values (thread, in_case, place.purpose) on conflict (id) do nothing;
  if not exists (select 1 from threads t where t.id = thread and t.case_id = in_case and t.purpose = place.purpose) then
    return jsonb_build_object('outcome', 'message-refused');
  end if;

  moment := sluss_clock();
  insert into messages (id, case_id, compartment_id, thread_id, author_id, at, accepted_at, commit, ciphertext)
  values (message, in_case, place.id, thread, sluss_user(), written_at, moment, m ->> 'commit', sealed);
  insert into seals (message_id, key_id, thread_id, seq, bytes)
  select message, (s ->> 'key')::uuid, thread, (p ->> 'seq')::integer, decode(s ->> 'bytes', 'base64')
  from jsonb_array_elements(m -> 'seals') as s join jsonb_array_elements(places) as p on p ->> 'key' = s ->> 'key';
  return jsonb_build_object('outcome', 'accepted', 'fresh', true, 'accepted_at', sluss_moment(moment), 'places', places);
end $$;

-- h(0) = SHA-256(commit of the key || JCS({context, key})) (protocol.md § 6).
create function sluss_stream_start(commit text, key uuid, thread uuid) returns bytea language sql immutable
  as $$ select sha256(decode(commit, 'hex') || convert_to(format('{"context":"%s","key":"%s"}', thread, key), 'UTF8')) $$;

grant execute on function sluss_accept_message(uuid, jsonb), sluss_stream_start(text, uuid, uuid) to sluss_app;
