-- A key that is ended, replaced or renewed on a tenant chain changes who reads in every case in which its holder is assigned, though
-- nothing is appended there. The transaction that appends such a statement may therefore have those cases projected anew. Replaces a
-- function without touching a table: no lock, no time.

-- Whose keys this transaction's statements on a tenant chain speak of, staff of that tenant alone; an approval speaks of what it
-- approves.
create function sluss_changed_keys() returns setof uuid language sql stable
  as $$ select u.id
        from statements s left join statements approved on s.type = 'approved' and approved.hash = s.bytes::jsonb -> 'body' ->> 'of'
        join users u on u.id = (coalesce(approved.bytes, s.bytes)::jsonb -> 'body' ->> 'user')::uuid and u.tenant_id = s.tenant_id
        where s.transaction_id = pg_current_xact_id_if_assigned() and s.kind = 'tenant'
          and coalesce(approved.type, s.type) in ('key.ended', 'key.certified') $$;

create or replace function sluss_has_appended(in_case uuid) returns boolean language sql stable
  as $$ select exists (select 1 from statements where case_id = in_case and transaction_id = pg_current_xact_id_if_assigned())
          or exists (select 1 from assignments a where a.case_id = in_case and a.user_id in (select sluss_changed_keys())) $$;

create function sluss_cases_of_changed_keys() returns setof uuid
  language sql stable security definer set search_path = pg_catalog, public, pg_temp
  as $$ select distinct a.case_id from assignments a where a.user_id in (select sluss_changed_keys()) order by a.case_id $$;

create index statements_by_transaction on statements (transaction_id) where kind = 'tenant';

grant execute on function sluss_changed_keys() to sluss_projector;
grant execute on function sluss_cases_of_changed_keys() to sluss_app;
grant create on schema public to sluss_projector;
alter function sluss_cases_of_changed_keys() owner to sluss_projector;
revoke create on schema public from sluss_projector;
