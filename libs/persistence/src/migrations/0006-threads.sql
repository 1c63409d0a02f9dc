-- Messages, sealed; a stream is one key's messages in one thread. A message is there for whom a seal under a key that she reads by
-- at this moment is. Nothing here counts or orders across keys but the time at which the server accepted.

create table threads (
  id uuid not null,
  case_id uuid not null,
  purpose text not null,
  constraint threads_pk primary key (id),
  constraint threads_purpose check (purpose in ('casework', 'follow_up', 'funding', 'statistics'))
);
create index threads_by_case on threads (case_id);

create table streams (
  key_id uuid not null,
  thread_id uuid not null,
  case_id uuid not null,
  compartment_id uuid not null,
  authority_id uuid not null,
  category text not null,
  count integer not null,
  hash bytea not null,
  constraint streams_pk primary key (key_id, thread_id),
  constraint streams_key foreign key (key_id) references content_keys (id)
);
create index streams_by_thread on streams (thread_id);

create table messages (
  id uuid not null,
  case_id uuid not null,
  compartment_id uuid not null,
  thread_id uuid not null,
  author_id uuid not null,
  at timestamptz not null,
  accepted_at timestamptz not null,
  commit text not null,
  ciphertext bytea not null,
  constraint messages_pk primary key (id),
  constraint messages_compartment foreign key (compartment_id) references compartments (id),
  constraint messages_thread foreign key (thread_id) references threads (id)
);
create index messages_by_thread on messages (thread_id, accepted_at, id);

-- `seq`: the place in the key's stream; null for a seal added later, whose order its seals.added lists.
create table seals (
  message_id uuid not null,
  key_id uuid not null,
  thread_id uuid not null,
  seq integer,
  bytes bytea not null,
  constraint seals_pk primary key (message_id, key_id),
  constraint seals_message foreign key (message_id) references messages (id),
  constraint seals_key foreign key (key_id) references content_keys (id)
);
create unique index seals_one_per_place on seals (key_id, thread_id, seq) where seq is not null;

-- h(0) = SHA-256(commit of the key || JCS({context, key})) (protocol.md § 6).
create function sluss_stream_start(commit text, key uuid, thread uuid) returns bytea language sql stable
  as $$ select sha256(decode(commit, 'hex') || convert_to(format('{"context":"%s","key":"%s"}', thread, key), 'UTF8')) $$;

grant execute on function sluss_stream_start(text, uuid, uuid) to sluss_app, sluss_projector;

alter table streams enable row level security;
alter table streams force row level security;
-- Also to those who once read by the key: what was within one's former scope is refused, not denied to exist (domain.md § 6); a key
-- that is left accepts nothing more, so the row tells nothing made later. And to the source, which appends.
create policy streams_known on streams for select to sluss_app, sluss_read
  using (exists (select 1 from readers r where r.key_id = streams.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()))
    or exists (select 1 from compartments c where c.id = streams.compartment_id));
-- For late seals, which have no place: at its beginning, of a key of one's own authority's, as that key is. Places are given by
-- sluss_accept_message (0010).
create policy streams_begun on streams for insert to sluss_app
  with check (count = 0 and exists (select 1 from content_keys k where k.id = streams.key_id and k.compartment_id = streams.compartment_id
    and k.case_id = streams.case_id and k.authority_id = streams.authority_id and k.authority_id = (select sluss_authority())
    and k.category = streams.category and streams.hash = sluss_stream_start(k.commit, k.id, streams.thread_id)));
create policy streams_accepted on streams for all to sluss_projector using (true) with check (true);
grant select, insert on streams to sluss_app;
grant select on streams to sluss_read;
grant select, insert, update (count, hash) on streams to sluss_projector;

alter table seals enable row level security;
alter table seals force row level security;
create policy seals_readable on seals for select to sluss_app, sluss_read
  using (exists (select 1 from readers r where r.key_id = seals.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
create policy seals_accepted on seals for insert to sluss_projector with check (true);
create policy seals_placed on seals for select to sluss_projector using (true);
grant select, insert on seals to sluss_app;
grant select on seals to sluss_read;
grant select (message_id, key_id, seq), insert on seals to sluss_projector;
create trigger seals_append_only before update or delete or truncate on seals
  for each statement execute function sluss_append_only();

alter table messages enable row level security;
alter table messages force row level security;
create policy messages_readable on messages for select to sluss_app, sluss_read
  using (exists (select 1 from seals s where s.message_id = messages.id));
create policy messages_accepted on messages for insert to sluss_projector with check (true);
grant select on messages to sluss_app, sluss_read;
grant insert on messages to sluss_projector;
create trigger messages_append_only before update or delete or truncate on messages
  for each statement execute function sluss_append_only();

alter table threads enable row level security;
alter table threads force row level security;
-- A thread is a view: it is there for whom a stream in it is.
create policy threads_readable on threads for select to sluss_app, sluss_read
  using (exists (select 1 from streams s join readers r on r.key_id = s.key_id
    where s.thread_id = threads.id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
create policy threads_accepted on threads for insert to sluss_projector with check (true);
create policy threads_known on threads for select to sluss_projector using (true);
grant select on threads to sluss_app, sluss_read;
grant select, insert on threads to sluss_projector;
create trigger threads_append_only before update or delete or truncate on threads
  for each statement execute function sluss_append_only();

-- Whether a key is for this message of this thread. Asked by the policy of seals, which cannot look at messages itself: who sees a
-- message hangs on its seals.
create function sluss_carries(key uuid, message uuid, thread uuid) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  return exists (
    select 1 from content_keys k join messages m on m.compartment_id = k.compartment_id
    where k.id = key and m.id = message and m.thread_id = thread
      and (k.kind = 'epoch' or (m.at <@ k.covers and (k.items is null or m.id = any (k.items)))));
end $$;
create policy messages_projector on messages for select to sluss_projector using (true);
grant select (id, compartment_id, thread_id, author_id, at, accepted_at, ciphertext) on messages to sluss_projector;
grant execute on function sluss_carries(uuid, uuid, uuid) to sluss_app;
-- The owner may hand a function over only while its new owner may create here.
grant create on schema public to sluss_projector;
alter function sluss_carries(uuid, uuid, uuid) owner to sluss_projector;
revoke create on schema public from sluss_projector;

-- Late seals: under one's own authority's current key, and of its compartment only what it may carry (protocol.md § 6).
create policy seals_made on seals for insert to sluss_app
  with check (seq is null and exists (select 1 from content_keys k where k.id = seals.key_id and k.authority_id = (select sluss_authority())
      and k.stale_since is null and k.valid_until > (select sluss_now()))
    and sluss_carries(seals.key_id, seals.message_id, seals.thread_id));

-- How far a reader has read a stream, signed: given to the source and to the reader's own authority (protocol.md § 7).
create table cursors (
  user_id uuid not null,
  key_id uuid not null,
  thread_id uuid not null,
  case_id uuid not null,
  authority_id uuid not null,
  compartment_id uuid not null,
  seq integer not null,
  bytes text not null,
  signature bytea not null,
  at timestamptz not null,
  constraint cursors_pk primary key (user_id, key_id, thread_id),
  constraint cursors_key foreign key (key_id) references content_keys (id)
);
create index cursors_by_thread on cursors (thread_id);
alter table cursors enable row level security;
alter table cursors force row level security;
create policy cursors_shown on cursors for select to sluss_app, sluss_read
  using (user_id = (select sluss_user())
    or (authority_id = (select sluss_authority()) and exists (select 1 from readers r where r.key_id = cursors.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())))
    or exists (select 1 from compartments c where c.id = cursors.compartment_id));
create policy cursors_set on cursors for insert to sluss_app
  with check (user_id = (select sluss_user()) and authority_id = (select sluss_authority()) and exists (select 1 from readers r where r.key_id = cursors.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
create policy cursors_moved on cursors for update to sluss_app
  using (user_id = (select sluss_user()))
  with check (user_id = (select sluss_user()) and authority_id = (select sluss_authority()) and exists (select 1 from readers r where r.key_id = cursors.key_id and r.user_id = (select sluss_user()) and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now())));
grant select, insert on cursors to sluss_app;
grant select on cursors to sluss_read;
grant update (seq, bytes, signature, at) on cursors to sluss_app;
