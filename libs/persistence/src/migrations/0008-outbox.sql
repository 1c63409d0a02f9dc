-- What must be told outside the database. Written by the projector in the append's transaction; ids only. Read by the publisher,
-- which acts for no tenant and sees no other table.

create table outbox (
  id bigint generated always as identity,
  kind text not null,
  case_id uuid not null,
  user_id uuid,
  ids uuid[] not null,
  at timestamptz not null default sluss_now(),
  told_at timestamptz,
  constraint outbox_pk primary key (id),
  constraint outbox_kind check (kind in ('scope.changed', 'chain.moved')),
  constraint outbox_to_somebody check ((kind = 'scope.changed') = (user_id is not null))
);
create index outbox_waiting on outbox (case_id, id) where told_at is null;
alter table outbox enable row level security;
alter table outbox force row level security;
create policy outbox_publisher on outbox for select to sluss_app using ((select sluss_system()) = 'publisher');
create policy outbox_told on outbox for update to sluss_app
  using ((select sluss_system()) = 'publisher') with check ((select sluss_system()) = 'publisher');
create policy outbox_projected on outbox for insert to sluss_projector with check (true);
grant select on outbox to sluss_app;
grant update (told_at) on outbox to sluss_app;
grant insert (kind, case_id, user_id, ids) on outbox to sluss_projector;
