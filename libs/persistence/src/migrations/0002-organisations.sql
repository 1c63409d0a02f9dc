-- Organisations and their staff. Entered by the operator as owner; the application only reads. A name is not secret inside its
-- tenant; outside it only to those to whom a strand has named the person (introductions, 0004).

create table tenants (
  id uuid not null,
  name text not null,
  kind text not null,
  -- SCB's four digits, the first part of its cases' numbers; null where it is not a kommun.
  kommun_code text,
  constraint tenants_pk primary key (id),
  constraint tenants_kommun_once unique (kommun_code),
  constraint tenants_kommun_code check ((kind = 'kommun') = (kommun_code is not null) and kommun_code ~ '^(?!0000)[0-9]{4}$'),
  constraint tenants_kind check (kind in ('kommun', 'police_national', 'police_region', 'kriminalvarden', 'sis', 'socialstyrelsen', 'county_body', 'external_performer'))
);
alter table tenants enable row level security;
alter table tenants force row level security;
-- The choice before signing in needs names; which organisations use the product is public.
create policy tenants_everybody on tenants for select to sluss_app, sluss_read using (true);
create policy tenants_operator on tenants for all to sluss_owner using (true) with check (true);
grant select (id, name, kind, kommun_code) on tenants to sluss_app, sluss_read;

create table authorities (
  id uuid not null,
  tenant_id uuid not null,
  name text not null,
  constraint authorities_pk primary key (id),
  constraint authorities_tenant foreign key (tenant_id) references tenants (id)
);
create index authorities_by_tenant on authorities (tenant_id);
alter table authorities enable row level security;
alter table authorities force row level security;
create policy authorities_directory on authorities for select to sluss_app, sluss_read
  using ((select sluss_user()) is not null or (select sluss_system()) is not null);
create policy authorities_operator on authorities for all to sluss_owner using (true) with check (true);
grant select (id, tenant_id, name) on authorities to sluss_app, sluss_read;

create table units (
  id uuid not null,
  authority_id uuid not null,
  name text not null,
  constraint units_pk primary key (id),
  constraint units_authority foreign key (authority_id) references authorities (id)
);
create index units_by_authority on units (authority_id);
alter table units enable row level security;
alter table units force row level security;
create policy units_directory on units for select to sluss_app, sluss_read
  using ((select sluss_user()) is not null or (select sluss_system()) is not null);
create policy units_operator on units for all to sluss_owner using (true) with check (true);
grant select (id, authority_id, name) on units to sluss_app, sluss_read;

create table users (
  id uuid not null,
  tenant_id uuid not null,
  authority_id uuid not null,
  name text not null,
  title text not null,
  salt text not null,
  issuer text not null,
  subject text not null,
  constraint users_pk primary key (id),
  constraint users_one_per_login unique (issuer, subject),
  constraint users_tenant foreign key (tenant_id) references tenants (id),
  constraint users_authority foreign key (authority_id) references authorities (id)
);
create index users_by_authority on users (authority_id);
create index users_by_tenant on users (tenant_id);
alter table users enable row level security;
alter table users force row level security;
create policy users_of_own_tenant on users for select to sluss_app, sluss_read using (tenant_id = (select sluss_tenant()));
create policy users_operator on users for all to sluss_owner using (true) with check (true);
grant select (id, tenant_id, authority_id, name, title, salt, issuer, subject) on users to sluss_app;
grant select (id, tenant_id, authority_id, name, title, salt) on users to sluss_read;

create table user_roles (
  user_id uuid not null,
  role text not null,
  constraint user_roles_pk primary key (user_id, role),
  constraint user_roles_user foreign key (user_id) references users (id),
  constraint user_roles_role check (role in ('intake_worker', 'caseworker', 'contact_person', 'team_leader', 'local_coordinator', 'regional_coordinator', 'national_coordinator', 'threat_assessor', 'funding_officer', 'enforcement_officer', 'treatment_worker', 'institution_head', 'performer', 'analyst', 'key_custodian', 'security_officer', 'data_protection_officer', 'archivist', 'tenant_admin'))
);
alter table user_roles enable row level security;
alter table user_roles force row level security;
-- Whoever may see the person may see her roles.
create policy user_roles_with_user on user_roles for select to sluss_app, sluss_read
  using (user_id = (select sluss_user()) or exists (select 1 from users u where u.id = user_roles.user_id));
create policy user_roles_operator on user_roles for all to sluss_owner using (true) with check (true);
grant select (user_id, role) on user_roles to sluss_app, sluss_read;

create table user_units (
  user_id uuid not null,
  unit_id uuid not null,
  constraint user_units_pk primary key (user_id, unit_id),
  constraint user_units_user foreign key (user_id) references users (id),
  constraint user_units_unit foreign key (unit_id) references units (id)
);
alter table user_units enable row level security;
alter table user_units force row level security;
create policy user_units_with_user on user_units for select to sluss_app, sluss_read
  using (user_id = (select sluss_user()) or exists (select 1 from users u where u.id = user_units.user_id));
create policy user_units_operator on user_units for all to sluss_owner using (true) with check (true);
grant select (user_id, unit_id) on user_units to sluss_app, sluss_read;

-- Receivers see, without content, that their authority is named (domain.md § 1). Row-level security knows no other role.
-- Definer's and not SQL: written out in each policy that asks, with the policies of user_roles and users inside, they made of a list of
-- cases a plan of hundreds of nodes. They speak of the asking person's own roles, which she may read anyway, and of nothing else.
create function sluss_receives() returns boolean language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ begin return exists (select 1 from user_roles where user_id = sluss_user() and role in ('team_leader', 'institution_head', 'regional_coordinator')); end $$;
-- Receivers and those who review the log: to them a case exists as a number, no more.
create function sluss_oversees() returns boolean language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ begin return exists (select 1 from user_roles where user_id = sluss_user() and role in ('team_leader', 'institution_head', 'regional_coordinator', 'security_officer', 'data_protection_officer')); end $$;
grant execute on function sluss_receives(), sluss_oversees() to sluss_app, sluss_read;
