-- Signed statements, as the exact bytes, in their chains. A ledger is its authority's; a strand is seen by both its ends; a tenant
-- chain holds public keys and certificates and is every signed-in person's to check.

-- A chain's address as statements write it (libs/domain placeName).
create function sluss_place(kind text, tenant uuid, in_case uuid, authority uuid, recipient uuid) returns text language sql immutable parallel safe
  as $$ select case kind when 'tenant' then 'tenant/' || tenant when 'ledger' then 'ledger/' || in_case || '/' || authority
    else 'strand/' || in_case || '/' || authority || '/' || recipient end $$;
grant execute on function sluss_place(text, uuid, uuid, uuid, uuid) to sluss_app;

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
    and (kind = 'tenant') = (authority_id is null) and (kind = 'strand') = (recipient_id is not null)),
  constraint chains_place check (place = sluss_place(kind, tenant_id, case_id, authority_id, recipient_id))
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
  constraint statements_place check (place = sluss_place(kind, tenant_id, case_id, authority_id, recipient_id)),
  constraint statements_held check (in_chain or type = 'withdrawal.received'),
  constraint statements_kind check (kind in ('tenant', 'ledger', 'strand')),
  constraint statements_type check (type in ('tenant.founded', 'authority.added', 'key.certified', 'key.ended', 'custodians.set', 'custodians.replaced', 'root.rotated', 'approved', 'ledger.opened', 'case.opened', 'case.closed', 'assignment.added', 'assignment.ended', 'assignment.barred', 'compartment.opened', 'epoch.started', 'reception.started', 'wraps.added', 'consent.registered', 'withdrawal.received', 'voided', 'upheld', 'speakers', 'consent.shared', 'grant.opened', 'grant.narrowed', 'grant.closed', 'reception.key', 'reception.ended', 'flow.keyed', 'seals.added', 'disclosure.made', 'disclosure.closed', 'contacts', 'party.left'))
);
create unique index statements_one_per_place on statements (place, n) where in_chain;
create index statements_by_case on statements (case_id, ordinal) where case_id is not null;

-- Three questions of those who append, asked with rights of their own: a case that is new to everybody is told from one that is
-- hidden, and a chain's head before there is an assignment to see it by. The person has to be who the transaction says she is.
create policy users_projector on users for select to sluss_projector using (tenant_id = (select sluss_tenant()));
create policy user_roles_projector on user_roles for select to sluss_projector using (user_id = (select sluss_user()));
grant select (id, tenant_id, authority_id) on users to sluss_projector;
grant select on user_roles to sluss_projector;

-- Assigned; or a receiver of an authority that is named; or the one who opens it.
create function sluss_has_part(in_case uuid) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (select 1 from users u where u.id = sluss_user() and u.tenant_id = sluss_tenant() and u.authority_id = sluss_authority())
    and not exists (select 1 from assignments a where a.case_id = in_case and a.user_id = sluss_user() and a.authority_id = sluss_authority() and a.state = 'barred')
    and (exists (select 1 from assignments a where a.case_id = in_case and a.user_id = sluss_user() and a.authority_id = sluss_authority() and a.state = 'standing' and a.valid_until > sluss_now())
      or (sluss_receives() and exists (select 1 from parties p where p.case_id = in_case and p.authority_id = sluss_authority()))
      or not exists (select 1 from cases c where c.id = in_case));
end $$;

-- Who appends to her tenant's chain: a custodian.
create function sluss_certifies() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (select 1 from users u join user_roles r on r.user_id = u.id
    where u.id = sluss_user() and u.tenant_id = sluss_tenant() and u.authority_id = sluss_authority() and r.role = 'key_custodian');
end $$;

-- All earlier places of a chain are taken, so a free one at or below its head is there only where this transaction has moved the
-- head, which it holds locked until it ends.
create function sluss_is_moved(at_place text, to_n integer, to_hash text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (select 1 from chains c where c.place = at_place and (c.n > to_n or (c.n = to_n and c.hash = to_hash)));
end $$;

-- How keys stand is changed by those who append to the tenant's chain, in the same transaction.
alter policy staff_keys_standing on staff_keys
  using (tenant_id = (select sluss_tenant()) and sluss_certifies()) with check (tenant_id = (select sluss_tenant()) and sluss_certifies());

grant execute on function sluss_receives() to sluss_projector;
grant execute on function sluss_has_part(uuid), sluss_certifies(), sluss_is_moved(text, integer, text) to sluss_app;
-- The owner may hand a function over only while its new owner may create here.
grant create on schema public to sluss_projector;
alter function sluss_has_part(uuid) owner to sluss_projector;
alter function sluss_certifies() owner to sluss_projector;
alter function sluss_is_moved(text, integer, text) owner to sluss_projector;
revoke create on schema public from sluss_projector;

alter table chains enable row level security;
alter table chains force row level security;
create policy chains_own on chains for select to sluss_app, sluss_read
  using ((kind = 'tenant' and (select sluss_user()) is not null)
    or ((authority_id = (select sluss_authority()) or recipient_id = (select sluss_authority())) and ((select sluss_receives())
      or exists (select 1 from assignments a where a.case_id = chains.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now())))));
create policy chains_begun on chains for insert to sluss_app
  with check (kind <> 'tenant' and authority_id = (select sluss_authority()) and sluss_has_part(case_id));
create policy chains_moved on chains for update to sluss_app
  using ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and sluss_certifies()) or (kind <> 'tenant' and authority_id = (select sluss_authority()) and sluss_has_part(case_id)))
  with check ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and sluss_certifies()) or (kind <> 'tenant' and authority_id = (select sluss_authority()) and sluss_has_part(case_id)));
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
      or exists (select 1 from assignments a where a.case_id = statements.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now())))));
-- Only what she signed herself, on a chain that her own authority (or tenant) appends to and that has been moved on to it: what
-- she has no part in she cannot speak of, and so has nothing of it read or written by the projector (0009).
create policy statements_appended on statements for insert to sluss_app
  with check (by_user_id = (select sluss_user()) and (not in_chain or sluss_is_moved(place, n, hash))
    and ((kind = 'tenant' and tenant_id = (select sluss_tenant()) and sluss_certifies()) or (kind <> 'tenant' and authority_id = (select sluss_authority()) and sluss_has_part(case_id))));
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
    and exists (select 1 from assignments a where a.case_id = wraps.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now()))
    and (length(holder) <> 64 or exists (select 1 from staff_keys k where k.encryption = wraps.holder and k.user_id = (select sluss_user()))));
create policy wraps_made on wraps for insert to sluss_app with check (source_id = (select sluss_authority()) and sluss_has_part(case_id));
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
    and exists (select 1 from assignments a where a.case_id = case_titles.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now())));
create policy case_titles_given on case_titles for insert to sluss_app
  with check (authority_id = (select sluss_authority())
    and exists (select 1 from readers r where r.key_id = case_titles.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
create policy case_titles_replaced on case_titles for update to sluss_app
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = case_titles.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now())))
  with check (authority_id = (select sluss_authority())
    and exists (select 1 from readers r where r.key_id = case_titles.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
grant select on case_titles to sluss_app, sluss_read;
grant insert on case_titles to sluss_app;
grant update (key_id, bytes) on case_titles to sluss_app;
