-- The log: who did or tried what, written in the act's own transaction. Entries are inserted at once and chained in order by the
-- worker's sealer, so that writers never wait for the head of a tenant's hash chain.

create table audit_entries (
  id bigint generated always as identity,
  tenant_id uuid not null,
  authority_id uuid,
  user_id uuid,
  case_id uuid,
  act text not null,
  subject text,
  outcome text not null,
  reason text,
  at timestamptz not null default sluss_now(),
  constraint audit_entries_pk primary key (id),
  constraint audit_entries_outcome check (outcome in ('allowed', 'refused', 'absent'))
);
create index audit_entries_by_case on audit_entries (case_id, authority_id, id desc) where case_id is not null;
create index audit_entries_by_tenant on audit_entries (tenant_id, id);
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy audit_entries_own_authority on audit_entries for select to sluss_app, sluss_read
  using (tenant_id = (select sluss_tenant()) and ((select sluss_system()) = 'sealer'
    or (authority_id = (select sluss_authority()) and (user_id = (select sluss_user())
      or ((select sluss_oversees()) and case_id is not null)
      or exists (select 1 from assignments a where a.case_id = audit_entries.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority())
        and a.state = 'standing' and a.valid_until > (select sluss_now()))))));
-- An actor cannot write in another's name.
create policy audit_entries_own_act on audit_entries for insert to sluss_app
  with check (tenant_id = (select sluss_tenant()) and user_id is not distinct from (select sluss_user())
    and authority_id is not distinct from (select sluss_authority()));
grant select on audit_entries to sluss_app, sluss_read;
grant insert (tenant_id, authority_id, user_id, case_id, act, subject, outcome, reason) on audit_entries to sluss_app;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function sluss_append_only();

-- Entries that wait for their place in the chain.
create table audit_waiting (
  entry_id bigint not null,
  tenant_id uuid not null,
  constraint audit_waiting_pk primary key (entry_id),
  constraint audit_waiting_entry foreign key (entry_id) references audit_entries (id)
);
create index audit_waiting_by_tenant on audit_waiting (tenant_id, entry_id);
alter table audit_waiting enable row level security;
alter table audit_waiting force row level security;
create policy audit_waiting_written on audit_waiting for insert to sluss_app with check (tenant_id = (select sluss_tenant()));
create policy audit_waiting_sealer on audit_waiting for select to sluss_app
  using (tenant_id = (select sluss_tenant()) and (select sluss_system()) = 'sealer');
create policy audit_waiting_sealed on audit_waiting for delete to sluss_app
  using (tenant_id = (select sluss_tenant()) and (select sluss_system()) = 'sealer');
create policy audit_waiting_sweeper on audit_waiting for select to sluss_app using ((select sluss_system()) = 'sweeper');
grant select, insert, delete on audit_waiting to sluss_app;

create function sluss_await_seal() returns trigger language plpgsql as $$
begin
  insert into audit_waiting (entry_id, tenant_id) values (new.id, new.tenant_id);
  return null;
end $$;
create trigger audit_entries_await_seal after insert on audit_entries for each row execute function sluss_await_seal();

-- hash(n) = SHA-256(hash(n-1) || the entry's fields as one JSON array); hash(-1) is 32 zero bytes.
create table audit_seals (
  tenant_id uuid not null,
  n bigint not null,
  entry_id bigint not null,
  hash bytea not null,
  constraint audit_seals_pk primary key (tenant_id, n),
  constraint audit_seals_entry_once unique (entry_id),
  constraint audit_seals_entry foreign key (entry_id) references audit_entries (id)
);
alter table audit_seals enable row level security;
alter table audit_seals force row level security;
create policy audit_seals_sealer on audit_seals for select to sluss_app
  using (tenant_id = (select sluss_tenant()) and (select sluss_system()) = 'sealer');
create policy audit_seals_made on audit_seals for insert to sluss_app
  with check (tenant_id = (select sluss_tenant()) and (select sluss_system()) = 'sealer');
grant select, insert on audit_seals to sluss_app;
create trigger audit_seals_append_only before update or delete or truncate on audit_seals
  for each statement execute function sluss_append_only();

create function sluss_entry_hash(previous bytea, e audit_entries) returns bytea language sql stable
  as $$ select sha256(previous || convert_to(jsonb_build_array(e.id, e.tenant_id, e.authority_id, e.user_id, e.case_id, e.act,
    e.subject, e.outcome, e.reason, sluss_moment(e.at))::text, 'UTF8')) $$;

-- Chains up to `at_most` waiting entries of the transaction's tenant, one sealer at a time; answers how many.
create function sluss_seal_entries(at_most integer) returns integer language plpgsql as $$
declare
  last_hash bytea;
  last_n bigint;
  entry audit_entries;
  sealed integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended(sluss_tenant()::text, 4));
  select s.n, s.hash into last_n, last_hash from audit_seals s where s.tenant_id = sluss_tenant() order by s.n desc limit 1;
  if not found then
    last_n := -1;
    last_hash := decode(repeat('00', 32), 'hex');
  end if;
  for entry in
    select e.* from audit_waiting w join audit_entries e on e.id = w.entry_id
    where w.tenant_id = sluss_tenant() order by w.entry_id limit at_most
  loop
    last_n := last_n + 1;
    last_hash := sluss_entry_hash(last_hash, entry);
    insert into audit_seals (tenant_id, n, entry_id, hash) values (sluss_tenant(), last_n, entry.id, last_hash);
    delete from audit_waiting where entry_id = entry.id;
    sealed := sealed + 1;
  end loop;
  return sealed;
end $$;

-- Walks a tenant's chain from a place, given the hash before it: in steps, since a whole chain may take longer than one statement may.
-- `broken`: the first place that does not follow from its entry and the seal before; null where all of the step do.
create function sluss_walk_seals(from_n bigint, hash_before bytea, at_most integer, out walked integer, out broken bigint, out hash bytea)
language plpgsql stable as $$
declare
  seal record;
begin
  walked := 0;
  hash := coalesce(hash_before, decode(repeat('00', 32), 'hex'));
  for seal in
    select s.n, s.hash, e as entry from audit_seals s left join audit_entries e on e.id = s.entry_id
    where s.tenant_id = sluss_tenant() and s.n >= from_n order by s.n limit at_most
  loop
    if seal.n <> from_n + walked or seal.hash is distinct from sluss_entry_hash(hash, seal.entry) then
      broken := from_n + walked;
      return;
    end if;
    hash := seal.hash;
    walked := walked + 1;
  end loop;
end $$;
grant execute on function sluss_await_seal(), sluss_entry_hash(bytea, audit_entries), sluss_seal_entries(integer), sluss_walk_seals(bigint, bytea, integer) to sluss_app;
