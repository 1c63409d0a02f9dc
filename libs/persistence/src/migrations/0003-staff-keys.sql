-- Staff keys. Public halves are the tenant's to see (colleagues compare, custodians certify); the locked private half is its
-- owner's alone, in a table of its own, since row-level security does not cut columns.

create table staff_keys (
  signing text not null,
  encryption text not null,
  user_id uuid not null,
  tenant_id uuid not null,
  public_key bytea not null,
  state text not null default 'pending',
  valid_until timestamptz,
  created_at timestamptz not null default sluss_now(),
  constraint staff_keys_pk primary key (signing),
  constraint staff_keys_encryption_once unique (encryption),
  constraint staff_keys_user foreign key (user_id) references users (id),
  constraint staff_keys_form check (signing ~ '^[0-9a-f]{64}$' and encryption ~ '^[0-9a-f]{64}$'),
  constraint staff_keys_state check (state in ('pending', 'certified', 'ended')),
  constraint staff_keys_certified_until check (state <> 'certified' or valid_until is not null)
);
create unique index staff_keys_one_pending_per_user on staff_keys (user_id) where state = 'pending';
create unique index staff_keys_one_certified_per_user on staff_keys (user_id) where state = 'certified';
create index staff_keys_by_user on staff_keys (user_id, created_at desc);
create index staff_keys_pending_by_tenant on staff_keys (tenant_id) where state = 'pending';
alter table staff_keys enable row level security;
alter table staff_keys force row level security;
create policy staff_keys_with_user on staff_keys for select to sluss_app, sluss_read
  using (tenant_id = (select sluss_tenant()) or exists (select 1 from users u where u.id = staff_keys.user_id));
create policy staff_keys_made_by_owner on staff_keys for insert to sluss_app
  with check (user_id = (select sluss_user()) and tenant_id = (select sluss_tenant()) and state = 'pending');
create policy staff_keys_standing on staff_keys for update to sluss_app
  using (tenant_id = (select sluss_tenant())) with check (tenant_id = (select sluss_tenant()));
create policy staff_keys_operator on staff_keys for all to sluss_owner using (true) with check (true);
grant select on staff_keys to sluss_app, sluss_read;
grant insert (signing, encryption, user_id, tenant_id, public_key) on staff_keys to sluss_app;
grant update (state, valid_until) on staff_keys to sluss_app;

create table locked_keys (
  signing text not null,
  user_id uuid not null,
  bytes bytea not null,
  constraint locked_keys_pk primary key (signing),
  constraint locked_keys_key foreign key (signing) references staff_keys (signing)
);
create index locked_keys_by_user on locked_keys (user_id);
alter table locked_keys enable row level security;
alter table locked_keys force row level security;
create policy locked_keys_own on locked_keys for select to sluss_app using (user_id = (select sluss_user()));
create policy locked_keys_made_by_owner on locked_keys for insert to sluss_app with check (user_id = (select sluss_user()));
grant select, insert on locked_keys to sluss_app;
create trigger locked_keys_append_only before update or delete or truncate on locked_keys
  for each statement execute function sluss_append_only();
