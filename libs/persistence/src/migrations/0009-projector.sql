-- The two functions by which an append reaches rows that its author may not see (a withdrawal heard by the Police closes the
-- kommun's flow to Kriminalvarden). They hold no rule: one gives the statements of a case to which this transaction has appended,
-- one writes what the pure domain has computed from them. Both refuse any other case. Called by one store function each.

create function sluss_has_appended(in_case uuid) returns boolean language sql stable
  as $$ select exists (select 1 from statements where case_id = in_case and transaction_id = pg_current_xact_id_if_assigned()) $$;

create function sluss_case_statements(in_case uuid)
  returns table (place text, n integer, hash text, bytes text, signature text, accepted_at timestamptz, in_chain boolean, at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not sluss_has_appended(in_case) then
    raise exception 'nothing was appended to this case' using errcode = '42501';
  end if;
  return query
    select s.place, s.n, s.hash, s.bytes, translate(encode(s.signature, 'base64'), E'\n', ''), s.accepted_at, s.in_chain, s.at
    from statements s where s.case_id = in_case order by s.ordinal;
end $$;

-- Replaces the case's rows by `rows` (an object of arrays, one per table) and writes to the outbox who lost which key and which
-- authorities' chains moved. Answers how many rows each table now holds, for the caller to compare.
create function sluss_apply_projection(in_case uuid, rows jsonb) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  read_before jsonb;
  counts jsonb;
begin
  if not sluss_has_appended(in_case) then
    raise exception 'nothing was appended to this case' using errcode = '42501';
  end if;

  select coalesce(jsonb_agg(distinct jsonb_build_array(r.user_id, r.key_id)), '[]') into read_before
  from readers r where r.case_id = in_case and r.valid_from <= sluss_now() and r.valid_until > sluss_now();

  insert into cases (id, number, tenant_id, authority_id, unit_id, phase, opened_at)
  select in_case, c.number, c.tenant_id, c.authority_id, c.unit_id, c.phase, c.opened_at
  from jsonb_to_record(rows -> 'case') as c (number text, tenant_id uuid, authority_id uuid, unit_id uuid, phase text, opened_at timestamptz)
  on conflict (id) do update set phase = excluded.phase, unit_id = excluded.unit_id
    where (cases.phase, cases.unit_id) is distinct from (excluded.phase, excluded.unit_id);

  delete from parties where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'parties') as x (authority_id uuid, during tstzmultirange, units uuid[], opened_at timestamptz) where x.authority_id = parties.authority_id);

  insert into parties (case_id, authority_id, during, units, opened_at)
  select in_case, x.authority_id, x.during, x.units, x.opened_at
  from jsonb_to_recordset(rows -> 'parties') as x (authority_id uuid, during tstzmultirange, units uuid[], opened_at timestamptz)
  on conflict (case_id, authority_id) do update set during = excluded.during, units = excluded.units, opened_at = excluded.opened_at
    where parties.case_id = in_case and (parties.during, parties.units, parties.opened_at) is distinct from (excluded.during, excluded.units, excluded.opened_at);

  delete from assignments where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'assignments') as x (user_id uuid, authority_id uuid, categories text[], state text, valid_until timestamptz, opened_at timestamptz) where x.user_id = assignments.user_id and x.authority_id = assignments.authority_id);

  insert into assignments (case_id, user_id, authority_id, categories, state, valid_until, opened_at)
  select in_case, x.user_id, x.authority_id, x.categories, x.state, x.valid_until, x.opened_at
  from jsonb_to_recordset(rows -> 'assignments') as x (user_id uuid, authority_id uuid, categories text[], state text, valid_until timestamptz, opened_at timestamptz)
  on conflict (case_id, user_id, authority_id) do update set categories = excluded.categories, state = excluded.state, valid_until = excluded.valid_until, opened_at = excluded.opened_at
    where assignments.case_id = in_case and (assignments.categories, assignments.state, assignments.valid_until, assignments.opened_at) is distinct from (excluded.categories, excluded.state, excluded.valid_until, excluded.opened_at);

  insert into compartments (case_id, id, subject_id, authority_id, category, purpose)
  select in_case, x.id, x.subject_id, x.authority_id, x.category, x.purpose
  from jsonb_to_recordset(rows -> 'compartments') as x (id uuid, subject_id uuid, authority_id uuid, category text, purpose text)
  on conflict (id) do update set subject_id = excluded.subject_id, authority_id = excluded.authority_id, category = excluded.category, purpose = excluded.purpose
    where compartments.case_id = in_case and (compartments.subject_id, compartments.authority_id, compartments.category, compartments.purpose) is distinct from (excluded.subject_id, excluded.authority_id, excluded.category, excluded.purpose);

  insert into content_keys (case_id, id, kind, authority_id, recipient_id, compartment_id, category, valid_until, stale_since, commit, covers, items)
  select in_case, x.id, x.kind, x.authority_id, x.recipient_id, x.compartment_id, x.category, x.valid_until, x.stale_since, x.commit, x.covers, x.items
  from jsonb_to_recordset(rows -> 'content_keys') as x (id uuid, kind text, authority_id uuid, recipient_id uuid, compartment_id uuid, category text, valid_until timestamptz, stale_since timestamptz, commit text, covers tstzmultirange, items uuid[])
  on conflict (id) do update set kind = excluded.kind, authority_id = excluded.authority_id, recipient_id = excluded.recipient_id, compartment_id = excluded.compartment_id, category = excluded.category, valid_until = excluded.valid_until, stale_since = excluded.stale_since, commit = excluded.commit, covers = excluded.covers, items = excluded.items
    where content_keys.case_id = in_case and (content_keys.kind, content_keys.authority_id, content_keys.recipient_id, content_keys.compartment_id, content_keys.category, content_keys.valid_until, content_keys.stale_since, content_keys.commit, content_keys.covers, content_keys.items) is distinct from (excluded.kind, excluded.authority_id, excluded.recipient_id, excluded.compartment_id, excluded.category, excluded.valid_until, excluded.stale_since, excluded.commit, excluded.covers, excluded.items);

  delete from flows where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'flows') as x (compartment_id uuid, name text, authority_id uuid, recipient_id uuid, category text, valid_from timestamptz, valid_until timestamptz, reception_id uuid, flow_key_id uuid) where x.compartment_id = flows.compartment_id and x.name = flows.name and x.valid_from = flows.valid_from);

  insert into flows (case_id, compartment_id, name, authority_id, recipient_id, category, valid_from, valid_until, reception_id, flow_key_id)
  select in_case, x.compartment_id, x.name, x.authority_id, x.recipient_id, x.category, x.valid_from, x.valid_until, x.reception_id, x.flow_key_id
  from jsonb_to_recordset(rows -> 'flows') as x (compartment_id uuid, name text, authority_id uuid, recipient_id uuid, category text, valid_from timestamptz, valid_until timestamptz, reception_id uuid, flow_key_id uuid)
  on conflict (compartment_id, name, valid_from) do update set authority_id = excluded.authority_id, recipient_id = excluded.recipient_id, category = excluded.category, valid_until = excluded.valid_until, reception_id = excluded.reception_id, flow_key_id = excluded.flow_key_id
    where flows.case_id = in_case and (flows.authority_id, flows.recipient_id, flows.category, flows.valid_until, flows.reception_id, flows.flow_key_id) is distinct from (excluded.authority_id, excluded.recipient_id, excluded.category, excluded.valid_until, excluded.reception_id, excluded.flow_key_id);

  delete from readers where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'readers') as x (key_id uuid, user_id uuid, valid_from timestamptz, valid_until timestamptz, may_write boolean) where x.key_id = readers.key_id and x.user_id = readers.user_id and x.valid_from = readers.valid_from);

  insert into readers (case_id, key_id, user_id, valid_from, valid_until, may_write)
  select in_case, x.key_id, x.user_id, x.valid_from, x.valid_until, x.may_write
  from jsonb_to_recordset(rows -> 'readers') as x (key_id uuid, user_id uuid, valid_from timestamptz, valid_until timestamptz, may_write boolean)
  on conflict (key_id, user_id, valid_from) do update set valid_until = excluded.valid_until, may_write = excluded.may_write
    where readers.case_id = in_case and (readers.valid_until, readers.may_write) is distinct from (excluded.valid_until, excluded.may_write);

  delete from withdrawn_grants where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'withdrawn_grants') as x (grant_hash text, authority_id uuid, since timestamptz) where x.grant_hash = withdrawn_grants.grant_hash and x.authority_id = withdrawn_grants.authority_id);

  insert into withdrawn_grants (case_id, grant_hash, authority_id, since)
  select in_case, x.grant_hash, x.authority_id, x.since
  from jsonb_to_recordset(rows -> 'withdrawn_grants') as x (grant_hash text, authority_id uuid, since timestamptz)
  on conflict (case_id, grant_hash, authority_id) do update set since = excluded.since
    where withdrawn_grants.case_id = in_case and (withdrawn_grants.since) is distinct from (excluded.since);

  delete from heard_consents where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'heard_consents') as x (registration_id uuid, authority_id uuid, heard text, heard_at timestamptz) where x.registration_id = heard_consents.registration_id and x.authority_id = heard_consents.authority_id);

  insert into heard_consents (case_id, registration_id, authority_id, heard, heard_at)
  select in_case, x.registration_id, x.authority_id, x.heard, x.heard_at
  from jsonb_to_recordset(rows -> 'heard_consents') as x (registration_id uuid, authority_id uuid, heard text, heard_at timestamptz)
  on conflict (case_id, registration_id, authority_id) do update set heard = excluded.heard, heard_at = excluded.heard_at
    where heard_consents.case_id = in_case and (heard_consents.heard, heard_consents.heard_at) is distinct from (excluded.heard, excluded.heard_at);

  delete from introductions where case_id = in_case
    and not exists (select 1 from jsonb_to_recordset(rows -> 'introductions') as x (authority_id uuid, user_id uuid, source_id uuid) where x.authority_id = introductions.authority_id and x.user_id = introductions.user_id and x.source_id = introductions.source_id);

  insert into introductions (case_id, authority_id, user_id, source_id)
  select in_case, x.authority_id, x.user_id, x.source_id
  from jsonb_to_recordset(rows -> 'introductions') as x (authority_id uuid, user_id uuid, source_id uuid)
  on conflict (case_id, authority_id, user_id, source_id) do nothing;

  insert into outbox (kind, case_id, user_id, ids)
  select 'scope.changed', in_case, (b.pair ->> 0)::uuid, array_agg((b.pair ->> 1)::uuid order by b.pair ->> 1)
  from jsonb_array_elements(read_before) as b (pair)
  where not exists (
    select 1 from readers r
    where r.key_id = (b.pair ->> 1)::uuid and r.user_id = (b.pair ->> 0)::uuid
      and r.valid_from <= sluss_now() and r.valid_until > sluss_now())
  group by (b.pair ->> 0)::uuid;

  with touched as (
    select authority_id as id from statements where case_id = in_case and transaction_id = pg_current_xact_id()
    union select recipient_id from statements where case_id = in_case and transaction_id = pg_current_xact_id() and recipient_id is not null
  ), moved as (
    update parties set changed_at = sluss_now() from touched
    where parties.case_id = in_case and parties.authority_id = touched.id
    returning parties.authority_id
  )
  insert into outbox (kind, case_id, ids)
  select 'chain.moved', in_case, array_agg(authority_id order by authority_id) from moved having count(*) > 0;

  select jsonb_build_object('parties', (select count(*) from parties where case_id = in_case), 'assignments', (select count(*) from assignments where case_id = in_case), 'compartments', (select count(*) from compartments where case_id = in_case), 'content_keys', (select count(*) from content_keys where case_id = in_case), 'flows', (select count(*) from flows where case_id = in_case), 'readers', (select count(*) from readers where case_id = in_case), 'withdrawn_grants', (select count(*) from withdrawn_grants where case_id = in_case), 'heard_consents', (select count(*) from heard_consents where case_id = in_case), 'introductions', (select count(*) from introductions where case_id = in_case))
    into counts;
  return counts;
end $$;


grant execute on function sluss_has_appended(uuid) to sluss_projector;
grant execute on function sluss_case_statements(uuid), sluss_apply_projection(uuid, jsonb) to sluss_app;
-- The owner may hand a function over only while its new owner may create here.
grant create on schema public to sluss_projector;
alter function sluss_case_statements(uuid) owner to sluss_projector;
alter function sluss_apply_projection(uuid, jsonb) owner to sluss_projector;
revoke create on schema public from sluss_projector;
