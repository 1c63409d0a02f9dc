-- Signed statements, as the exact bytes, in their chains. A ledger is its authority's; a strand is seen by both its ends; a tenant
-- chain holds public keys and certificates and is every signed-in person's to check.

create table chains (
  place text not null,
  kind text not null,
  tenant_id uuid,
  case_id uuid,
  authority_id uuid,
  recipient_id uuid,
  n integer not null,
  hash text not null,
  constraint chains_pk primary key (place),
  constraint chains_kind check (kind in ('tenant', 'ledger', 'strand')),
  constraint chains_parts check (
    (kind = 'tenant') = (tenant_id is not null) and (kind = 'tenant') = (case_id is null)
    and (kind = 'tenant') = (authority_id is null) and (kind = 'strand') = (recipient_id is not null))
);
create index chains_by_case on chains (case_id) where case_id is not null;
create index chains_of_tenants on chains (tenant_id) where kind = 'tenant';

create table statements (
  hash text not null,
  place text not null,
  n integer not null,
  kind text not null,
  type text not null,
  tenant_id uuid,
  case_id uuid,
  authority_id uuid,
  recipient_id uuid,
  by_user_id uuid,
  signing text not null,
  at timestamptz not null,
  bytes text not null,
  signature bytea not null,
  -- False: a withdrawal heard outside its place, narrowing on the server's word until its client completes the chain.
  in_chain boolean not null default true,
  accepted_at timestamptz not null default sluss_now(),
  ordinal bigint generated always as identity,
  transaction_id xid8 not null default pg_current_xact_id(),
  constraint statements_pk primary key (hash),
  constraint statements_form check (hash ~ '^[0-9a-f]{64}$' and n >= 0),
  constraint statements_held check (in_chain or type = 'withdrawal.received'),
  constraint statements_kind check (kind in ('tenant', 'ledger', 'strand')),
  constraint statements_type check (type in ('tenant.founded', 'authority.added', 'key.certified', 'key.ended', 'custodians.set', 'approved', 'ledger.opened', 'case.opened', 'case.closed', 'assignment.added', 'assignment.ended', 'assignment.barred', 'compartment.opened', 'epoch.started', 'reception.started', 'wraps.added', 'consent.registered', 'withdrawal.received', 'voided', 'upheld', 'speakers', 'consent.shared', 'grant.opened', 'grant.narrowed', 'grant.closed', 'reception.key', 'reception.ended', 'flow.keyed', 'seals.added', 'disclosure.made', 'disclosure.closed', 'contacts', 'party.left'))
);
create unique index statements_one_per_place on statements (place, n) where in_chain;
create index statements_by_case on statements (case_id, ordinal) where case_id is not null;
alter table chains enable row level security;
alter table chains force row level security;
create policy chains_own on chains for select to sluss_app, sluss_read
  using ((kind = 'tenant' and (select sluss_user()) is not null)
    or ((authority_id = (select sluss_authority()) or recipient_id = (select sluss_authority())) and ((select sluss_receives())
      or exists (select 1 from assignments a where a.case_id = chains.case_id and a.user_id = (select sluss_user()) and a.state = 'standing' and a.valid_until > (select sluss_now())))));
create policy chains_begun on chains for insert to sluss_app with check ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and (select sluss_user()) is not null) or (kind <> 'tenant' and authority_id = (select sluss_authority())));
create policy chains_moved on chains for update to sluss_app using ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and (select sluss_user()) is not null) or (kind <> 'tenant' and authority_id = (select sluss_authority()))) with check ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and (select sluss_user()) is not null) or (kind <> 'tenant' and authority_id = (select sluss_authority())));
create policy chains_operator on chains for all to sluss_owner using (true) with check (true);
create policy chains_projector on chains for select to sluss_projector using (true);
grant select on chains to sluss_app, sluss_read, sluss_projector;
grant insert on chains to sluss_app;
grant update (n, hash) on chains to sluss_app;

alter table statements enable row level security;
alter table statements force row level security;
create policy statements_own on statements for select to sluss_app, sluss_read
  using ((kind = 'tenant' and (select sluss_user()) is not null)
    or ((authority_id = (select sluss_authority()) or recipient_id = (select sluss_authority())) and ((select sluss_receives())
      or exists (select 1 from assignments a where a.case_id = statements.case_id and a.user_id = (select sluss_user()) and a.state = 'standing' and a.valid_until > (select sluss_now())))));
-- Only what she signed herself, on a chain that her own authority (or tenant) appends to.
create policy statements_appended on statements for insert to sluss_app
  with check (by_user_id = (select sluss_user()) and ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and (select sluss_user()) is not null) or (kind <> 'tenant' and authority_id = (select sluss_authority()))));
create policy statements_operator on statements for all to sluss_owner using (true) with check (true);
create policy statements_projector on statements for select to sluss_projector using (true);
grant select on statements to sluss_app, sluss_read, sluss_projector;
grant insert (hash, place, n, kind, type, tenant_id, case_id, authority_id, recipient_id, by_user_id, signing, at, bytes, signature, in_chain) on statements to sluss_app;
create trigger statements_append_only before update or delete or truncate on statements
  for each statement execute function sluss_append_only();

-- Keys for their holders. `authority_id`: whose staff may fetch it; `source_id`: whose staff made it.
-- `holder`: an encryption fingerprint, a reception key's id, or `epoch`.
create table wraps (
  key_id uuid not null,
  holder text not null,
  case_id uuid not null,
  source_id uuid not null,
  authority_id uuid not null,
  bytes bytea not null,
  constraint wraps_pk primary key (key_id, holder)
);
create index wraps_by_case on wraps (case_id, key_id, holder);
alter table wraps enable row level security;
alter table wraps force row level security;
-- A personal one is its holder's; what is wrapped to a reception key or an epoch is for the assigned staff who hold that.
create policy wraps_for_holder on wraps for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = wraps.case_id and a.user_id = (select sluss_user()) and a.state = 'standing' and a.valid_until > (select sluss_now()))
    and (length(holder) <> 64 or exists (select 1 from staff_keys k where k.encryption = wraps.holder and k.user_id = (select sluss_user()))));
create policy wraps_made on wraps for insert to sluss_app with check (source_id = (select sluss_authority()));
grant select on wraps to sluss_app, sluss_read;
grant insert on wraps to sluss_app;
create trigger wraps_append_only before update or delete or truncate on wraps
  for each statement execute function sluss_append_only();

-- The authority's own working title, sealed under an epoch of its own plan compartment; the newest wins (never a message: it is
-- shared with nobody else).
create table case_titles (
  case_id uuid not null,
  authority_id uuid not null,
  key_id uuid not null,
  bytes bytea not null,
  constraint case_titles_pk primary key (case_id, authority_id),
  constraint case_titles_key foreign key (key_id) references content_keys (id)
);
alter table case_titles enable row level security;
alter table case_titles force row level security;
create policy case_titles_own on case_titles for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = case_titles.case_id and a.user_id = (select sluss_user()) and a.state = 'standing' and a.valid_until > (select sluss_now())));
create policy case_titles_given on case_titles for insert to sluss_app
  with check (authority_id = (select sluss_authority())
    and exists (select 1 from readers r where r.key_id = case_titles.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
create policy case_titles_replaced on case_titles for update to sluss_app
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = case_titles.case_id and a.user_id = (select sluss_user()) and a.state = 'standing' and a.valid_until > (select sluss_now())))
  with check (authority_id = (select sluss_authority())
    and exists (select 1 from readers r where r.key_id = case_titles.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
grant select on case_titles to sluss_app, sluss_read;
grant insert on case_titles to sluss_app;
grant update (key_id, bytes) on case_titles to sluss_app;
