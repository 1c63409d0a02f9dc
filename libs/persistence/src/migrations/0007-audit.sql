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
      or exists (select 1 from parties p where p.case_id = audit_entries.case_id and p.authority_id = (select sluss_authority()))))));
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
