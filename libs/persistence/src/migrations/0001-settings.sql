-- Who a transaction is and what time it is. The application sets sluss.* by set_config(..., true); unset means nobody and no row.
-- The roles exist already (prepare): sluss_owner migrates and owns, sluss_app is the API and the worker, sluss_read a person with
-- psql, sluss_projector owns the functions that write what an append means for other authorities, and the one that takes a message in.

revoke all on schema public from public;
grant usage on schema public to sluss_app, sluss_read, sluss_projector;
alter default privileges revoke execute on functions from public;

create function sluss_user() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('sluss.user', true), '')::uuid $$;
create function sluss_tenant() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('sluss.tenant', true), '')::uuid $$;
create function sluss_authority() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('sluss.authority', true), '')::uuid $$;
-- A named system actor; '' and unset are the same: none.
create function sluss_system() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('sluss.system', true), '') $$;

-- The clock by which row-level security judges. Development and test databases replace it (operator.ts); production never does.
create function sluss_now() returns timestamptz language sql stable parallel safe
  as $$ select now() $$;

-- The same clock running on within a transaction: for the order of what is accepted.
create function sluss_clock() returns timestamptz language sql volatile parallel safe
  as $$ select sluss_now() + (clock_timestamp() - now()) $$;

-- Whole UTC minutes as the domain writes them. `stable` like to_char, so that it is planned with what asks it.
create function sluss_instant(at timestamptz) returns text language sql stable parallel safe
  as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') $$;

-- An accepted time to the microsecond, in a form that sorts as text and parses everywhere.
create function sluss_moment(at timestamptz) returns text language sql stable parallel safe
  as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

create function sluss_append_only() returns trigger language plpgsql as $$
begin
  if pg_has_role(current_user, 'sluss_owner', 'member') then
    return null;
  end if;
  raise exception 'table % is append-only', tg_table_name using errcode = '42501';
end $$;

grant execute on function sluss_user(), sluss_tenant(), sluss_authority(), sluss_system(), sluss_now(), sluss_clock(),
  sluss_instant(timestamptz), sluss_moment(timestamptz) to sluss_app, sluss_read, sluss_projector;
