// Loads cases in bulk, as owner: one kommun that two measured people work in, and the rest of the country around it.
import type pg from 'pg'

const uuid = (kind: string, n: number | string): string => `${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Ids by number; the measured people are users 1 (caseworker) and 2 (team leader) of authority 0, unit 0. */
export const loaded = {
  tenant: uuid('aaaaaaaa', 0),
  authority: (n: number): string => uuid('bbbbbbbb', n),
  unit: (n: number): string => uuid('cccccccc', n),
  user: (n: number): string => uuid('dddddddd', n),
} as const

/** `own`: cases of authority 0, in all of which both measured people stand; spread evenly over all the years. */
export type Load = { readonly cases: number; readonly users: number; readonly own: number }

const authorities = 300
const sqlId = (kind: string, n: string): string => `('${kind}-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`

export async function loadCases(client: pg.Client, { cases, users, own }: Load): Promise<void> {
  const everyOwn = Math.max(1, Math.floor(cases / own))
  // The authority of case n: 0 for each `everyOwn`th, else one of the others.
  const owner = `case when n % ${everyOwn} = 0 then 0 else 1 + n % ${authorities - 1} end`
  const worker = `case when n % ${everyOwn} = 0 then 1 else 3 + n % ${users - 3} end`
  const openedAt = `timestamptz '2020-01-01' + n * interval '3 minutes'`
  const n = `generate_series(1, ${cases}) as n`
  const statements = [
    // Foreign keys were true when the rows were made; checking millions of them says nothing about reading.
    'set session_replication_role = replica',
    'set synchronous_commit = off',
    `insert into tenants values ('${loaded.tenant}', 'Bänkkommunen', 'kommun', '1490')`,
    `insert into authorities select ${sqlId('bbbbbbbb', 'n')}, '${loaded.tenant}', 'Nämnd ' || n from generate_series(0, ${authorities - 1}) as n`,
    `insert into units select ${sqlId('cccccccc', 'n')}, ${sqlId('bbbbbbbb', 'n')}, 'Enhet ' || n from generate_series(0, ${authorities - 1}) as n`,
    `insert into users select ${sqlId('dddddddd', 'n')}, '${loaded.tenant}', ${sqlId('bbbbbbbb', `case when n < 3 then 0 else 1 + n % ${authorities - 1} end`)},
       'Person ' || n, 'Handläggare', repeat('0', 32), 'https://bench', n::text from generate_series(1, ${users}) as n`,
    `insert into user_roles select ${sqlId('dddddddd', 'n')}, case when n = 2 then 'team_leader' else 'caseworker' end from generate_series(1, ${users}) as n`,
    `insert into user_units select id, ${sqlId('cccccccc', 'right(authority_id::text, 12)::int')} from users`,
    `insert into staff_keys (signing, encryption, user_id, tenant_id, public_key, state, valid_until)
       select encode(sha256((id || 's')::bytea), 'hex'), encode(sha256((id || 'e')::bytea), 'hex'), id, tenant_id, '\\x00', 'certified', now() + interval '1 year' from users`,
    `create temporary table loading as select n, gen_random_uuid() as id, ${owner} as owner, ${worker} as worker, ${openedAt} as opened_at from ${n}`,
    `insert into cases select id, '1490-' || n, '${loaded.tenant}', ${sqlId('bbbbbbbb', 'owner')}, ${sqlId('cccccccc', 'owner')}, 'measures', opened_at from loading`,
    `insert into parties select id, ${sqlId('bbbbbbbb', 'owner')}, '{(,)}', array[${sqlId('cccccccc', 'owner')}], opened_at, opened_at from loading`,
    // Every third case has a second authority in it.
    `insert into parties select id, ${sqlId('bbbbbbbb', `1 + (owner + 7) % ${authorities - 1}`)}, '{(,)}', null, opened_at, opened_at from loading where n % 3 = 0 on conflict do nothing`,
    `insert into assignments select id, ${sqlId('dddddddd', 'worker')}, ${sqlId('bbbbbbbb', 'owner')}, '{plan}', 'standing', now() + interval '1 year', opened_at from loading`,
    `insert into assignments select id, ${sqlId('dddddddd', `3 + (n * 7 + 1) % ${users - 3}`)}, ${sqlId('bbbbbbbb', 'owner')}, '{plan}', 'standing', now() + interval '1 year', opened_at from loading on conflict do nothing`,
    // A working title in each, and a reader of it for each of the two assigned.
    `insert into content_keys (id, kind, case_id, authority_id, compartment_id, category, valid_until, commit)
       select id, 'epoch', id, ${sqlId('bbbbbbbb', 'owner')}, id, 'plan', now() + interval '30 days', repeat('ab', 32) from loading`,
    `insert into case_titles select id, ${sqlId('bbbbbbbb', 'owner')}, id, decode(repeat('ab', 60), 'hex') from loading`,
    `insert into readers select id, ${sqlId('dddddddd', 'worker')}, opened_at, now() + interval '30 days', id, true from loading`,
    'set session_replication_role = origin',
    'vacuum analyze',
  ]
  for (const statement of statements) await client.query(statement)
}
