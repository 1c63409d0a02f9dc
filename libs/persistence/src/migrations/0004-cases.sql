-- Cases as the signed statements describe them: projections, written by sluss_projector alone (0006), rebuildable from statements.
-- Whoever is assigned by her own authority sees her case; a receiver sees that her authority is named; nobody else anything.

create table cases (
  id uuid not null,
  number text not null,
  tenant_id uuid not null,
  authority_id uuid not null,
  unit_id uuid not null,
  phase text not null,
  opened_at timestamptz not null,
  constraint cases_pk primary key (id),
  -- Each organisation's own: nobody learns of another's case by trying its number.
  constraint cases_number_once unique (tenant_id, number),
  constraint cases_phase check (phase in ('contact', 'intake', 'initial_consultation', 'assessment', 'measures', 'follow_up', 'closed'))
);
create index cases_by_opening on cases (opened_at desc, id desc);

-- An authority named in the case. `during`: when the case is open to it; outside that it was a party. `units`: to whose receivers it
-- is shown; null: the whole authority.
create table parties (
  case_id uuid not null,
  authority_id uuid not null,
  during tstzmultirange not null,
  units uuid[],
  opened_at timestamptz not null,
  changed_at timestamptz not null default sluss_now(),
  constraint parties_pk primary key (case_id, authority_id),
  constraint parties_case foreign key (case_id) references cases (id)
);
create index parties_by_authority on parties (authority_id, opened_at desc, case_id desc);

-- One row for each authority that has assigned her: who moves to another board may work in the same case there too, and what one says
-- of its staff is nothing to the other. `opened_at` is the case's, kept here so that a person's cases are read in order from one index.
create table assignments (
  case_id uuid not null,
  user_id uuid not null,
  authority_id uuid not null,
  categories text[] not null,
  state text not null,
  valid_until timestamptz not null,
  opened_at timestamptz not null,
  constraint assignments_pk primary key (case_id, user_id, authority_id),
  constraint assignments_case foreign key (case_id) references cases (id),
  constraint assignments_state check (state in ('standing', 'ended', 'barred')),
  constraint assignments_categories check (categories <@ array['identity', 'contact', 'place_of_stay', 'threat', 'crime_milieu', 'health', 'economy', 'family', 'enforcement', 'plan', 'measures', 'follow_up'])
);
create index assignments_by_user on assignments (user_id, opened_at desc, case_id desc);
create index assignments_by_authority on assignments (authority_id, case_id);

alter table assignments enable row level security;
alter table assignments force row level security;
-- One's own by the authority of the session; a receiver also those of her authority, whom she assigns. A `case`, since an `or` is what
-- the planner would find the rows by, and the authority inside it for the same reason: all of the authority's, for each page of one's own.
create policy assignments_own_or_received on assignments for select to sluss_app, sluss_read
  using (case when user_id = (select sluss_user()) then authority_id = (select sluss_authority())
    else authority_id = (select sluss_authority()) and (select sluss_receives()) end);
create policy assignments_projected on assignments for all to sluss_projector using (true) with check (true);
grant select on assignments to sluss_app, sluss_read;
grant select, insert, update, delete on assignments to sluss_projector;

alter table parties enable row level security;
alter table parties force row level security;
create policy parties_own_authority on parties for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority()) and ((select sluss_oversees()) or exists (select 1 from assignments a where a.case_id = parties.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()))));
create policy parties_projected on parties for all to sluss_projector using (true) with check (true);
grant select on parties to sluss_app, sluss_read;
grant select, insert, update, delete on parties to sluss_projector;

alter table cases enable row level security;
alter table cases force row level security;
-- Also those whose assignment has ended: they know of the case and are told so (domain.md § 6).
create policy cases_known on cases for select to sluss_app, sluss_read
  using (exists (select 1 from assignments a where a.case_id = cases.id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()))
    or ((select sluss_oversees()) and exists (select 1 from parties p where p.case_id = cases.id and p.authority_id = (select sluss_authority()))));
create policy cases_projected on cases for all to sluss_projector using (true) with check (true);
grant select on cases to sluss_app, sluss_read;
grant select, insert, update, delete on cases to sluss_projector;

create table compartments (
  id uuid not null,
  case_id uuid not null,
  subject_id uuid not null,
  authority_id uuid not null,
  category text not null,
  purpose text not null,
  constraint compartments_pk primary key (id),
  constraint compartments_of_case unique (id, case_id),
  constraint compartments_case foreign key (case_id) references cases (id),
  constraint compartments_one_per_tuple unique (case_id, subject_id, authority_id, category, purpose),
  constraint compartments_category check (category in ('identity', 'contact', 'place_of_stay', 'threat', 'crime_milieu', 'health', 'economy', 'family', 'enforcement', 'plan', 'measures', 'follow_up')),
  constraint compartments_purpose check (purpose in ('casework', 'follow_up', 'funding', 'statistics'))
);
alter table compartments enable row level security;
alter table compartments force row level security;
-- The source's assigned staff whose assignment carries the category (inner secrecy).
create policy compartments_own_category on compartments for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = compartments.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now()) and compartments.category = any (a.categories)));
create policy compartments_projected on compartments for all to sluss_projector using (true) with check (true);
grant select on compartments to sluss_app, sluss_read;
grant select, insert, update, delete on compartments to sluss_projector;

-- Epochs, reception keys and flow keys. `authority_id`: whose key it is; `recipient_id`: to whom a flow key goes.
create table content_keys (
  id uuid not null,
  kind text not null,
  case_id uuid not null,
  authority_id uuid not null,
  recipient_id uuid,
  compartment_id uuid,
  category text not null,
  valid_until timestamptz not null,
  stale_since timestamptz,
  commit text not null,
  -- Of a flow key: the times of the messages that it may carry and, where it rests on a disclosure of named ones, which.
  covers tstzmultirange,
  items uuid[],
  constraint content_keys_pk primary key (id),
  constraint content_keys_case foreign key (case_id) references cases (id),
  constraint content_keys_of_case unique (id, case_id),
  constraint content_keys_compartment foreign key (compartment_id, case_id) references compartments (id, case_id),
  constraint content_keys_kind check (kind in ('epoch', 'reception', 'flow')),
  constraint content_keys_category check (category in ('identity', 'contact', 'place_of_stay', 'threat', 'crime_milieu', 'health', 'economy', 'family', 'enforcement', 'plan', 'measures', 'follow_up')),
  constraint content_keys_parts check ((kind = 'reception') = (compartment_id is null) and (kind = 'flow') = (recipient_id is not null)
    and (kind = 'flow') = (covers is not null) and (items is null or kind = 'flow'))
);
create index content_keys_by_compartment on content_keys (compartment_id, kind);
create index content_keys_by_case on content_keys (case_id);
alter table content_keys enable row level security;
alter table content_keys force row level security;
create policy content_keys_own_or_received on content_keys for select to sluss_app, sluss_read
  using ((authority_id = (select sluss_authority()) or recipient_id = (select sluss_authority()))
    and exists (select 1 from assignments a where a.case_id = content_keys.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now()) and content_keys.category = any (a.categories)));
create policy content_keys_projected on content_keys for all to sluss_projector using (true) with check (true);
grant select on content_keys to sluss_app, sluss_read;
grant select, insert, update, delete on content_keys to sluss_projector;

-- What flows from a compartment, to whom, and under which key. `name` is how a sender names a flow that she leaves out.
create table flows (
  compartment_id uuid not null,
  name text not null,
  case_id uuid not null,
  authority_id uuid not null,
  recipient_id uuid not null,
  category text not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  reception_id uuid,
  flow_key_id uuid,
  constraint flows_pk primary key (compartment_id, name, valid_from),
  constraint flows_compartment foreign key (compartment_id, case_id) references compartments (id, case_id),
  constraint flows_key foreign key (flow_key_id, case_id) references content_keys (id, case_id),
  constraint flows_category check (category in ('identity', 'contact', 'place_of_stay', 'threat', 'crime_milieu', 'health', 'economy', 'family', 'enforcement', 'plan', 'measures', 'follow_up'))
);
create index flows_by_case on flows (case_id);
alter table flows enable row level security;
alter table flows force row level security;
create policy flows_own_category on flows for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = flows.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now()) and flows.category = any (a.categories)));
create policy flows_projected on flows for all to sluss_projector using (true) with check (true);
grant select on flows to sluss_app, sluss_read;
grant select, insert, update, delete on flows to sluss_projector;

-- Who reads by which key and when: the one truth of access as rows, several where access ended and began again.
create table readers (
  key_id uuid not null,
  user_id uuid not null,
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  case_id uuid not null,
  may_write boolean not null,
  constraint readers_pk primary key (key_id, user_id, valid_from),
  -- Of this case: whoever has a case projected makes nobody a reader of another's keys.
  constraint readers_key foreign key (key_id, case_id) references content_keys (id, case_id)
);
create index readers_by_user on readers (user_id, case_id);
create index readers_by_case on readers (case_id);
alter table readers enable row level security;
alter table readers force row level security;
-- One's own rows, ended ones too: they say what was within one's former scope.
create policy readers_own on readers for select to sluss_app, sluss_read
  using (user_id = (select sluss_user()));
create policy readers_projected on readers for all to sluss_projector using (true) with check (true);
grant select on readers to sluss_app, sluss_read;
grant select, insert, update, delete on readers to sluss_projector;

-- Grants that the server knows as withdrawn before the signed reason has come to this authority (protocol.md § 4 rule 4).
create table withdrawn_grants (
  case_id uuid not null,
  grant_hash text not null,
  authority_id uuid not null,
  since timestamptz not null,
  constraint withdrawn_grants_pk primary key (case_id, grant_hash, authority_id),
  constraint withdrawn_grants_case foreign key (case_id) references cases (id)
);
alter table withdrawn_grants enable row level security;
alter table withdrawn_grants force row level security;
create policy withdrawn_grants_own_authority on withdrawn_grants for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority())
    and exists (select 1 from assignments a where a.case_id = withdrawn_grants.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now())));
create policy withdrawn_grants_projected on withdrawn_grants for all to sluss_projector using (true) with check (true);
grant select on withdrawn_grants to sluss_app, sluss_read;
grant select, insert, update, delete on withdrawn_grants to sluss_projector;

-- How an authority has heard of a consent, and since when: registered by it, shared for it to confirm, or granted to it.
create table heard_consents (
  case_id uuid not null,
  registration_id uuid not null,
  authority_id uuid not null,
  heard text not null,
  heard_at timestamptz not null,
  constraint heard_consents_pk primary key (case_id, registration_id, authority_id),
  constraint heard_consents_case foreign key (case_id) references cases (id),
  constraint heard_consents_heard check (heard in ('registered', 'shared', 'granted'))
);
alter table heard_consents enable row level security;
alter table heard_consents force row level security;
-- Also those whose assignment has ended, of what was heard before that: it was within their scope (domain.md § 6).
create policy heard_consents_own_authority on heard_consents for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority()) and ((select sluss_receives())
    or exists (select 1 from assignments a where a.case_id = heard_consents.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.valid_until > heard_consents.heard_at)));
create policy heard_consents_projected on heard_consents for all to sluss_projector using (true) with check (true);
grant select on heard_consents to sluss_app, sluss_read;
grant select, insert, update, delete on heard_consents to sluss_projector;

-- Persons of other authorities whom a strand in a case has named to this authority: as signers, speakers or contacts. `source_id`:
-- whose strand; it makes its own organisation's people known and nobody else's.
create table introductions (
  case_id uuid not null,
  authority_id uuid not null,
  user_id uuid not null,
  source_id uuid not null,
  constraint introductions_pk primary key (case_id, authority_id, user_id, source_id),
  constraint introductions_case foreign key (case_id) references cases (id)
);
create index introductions_by_user on introductions (user_id, authority_id);
alter table introductions enable row level security;
alter table introductions force row level security;
create policy introductions_own_authority on introductions for select to sluss_app, sluss_read
  using (authority_id = (select sluss_authority()) and ((select sluss_receives())
    or exists (select 1 from assignments a where a.case_id = introductions.case_id and a.user_id = (select sluss_user()) and a.authority_id = (select sluss_authority()) and a.state = 'standing' and a.valid_until > (select sluss_now()))));
create policy introductions_projected on introductions for all to sluss_projector using (true) with check (true);
grant select on introductions to sluss_app, sluss_read;
grant select, insert, update, delete on introductions to sluss_projector;

-- A function, and so asked of those alone who are not of one's own organisation: written out, it would stand in each plan in which a
-- person does, as often as her roles, her units and her keys are asked for. It runs with the caller's rights.
create function sluss_is_introduced(person uuid, her_tenant uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select 1 from introductions i join authorities a on a.id = i.source_id
    where i.user_id = person and i.authority_id = sluss_authority() and a.tenant_id = her_tenant);
end $$;
grant execute on function sluss_is_introduced(uuid, uuid) to sluss_app, sluss_read;
create policy users_introduced on users for select to sluss_app, sluss_read using (sluss_is_introduced(id, tenant_id));
