// What the operator does as owner, beside the product: entering organisations and their founding statements; the clock of development.
import type { AuthorityId, Role, TenantId, TenantKind, UnitId, UserId } from '#libs/domain'
import type pg from 'pg'
import { rowOf } from './chains.ts'
import type { KeyStanding } from './keys.store.ts'
import { connected } from './migrate.ts'
import { Conflict } from './problems.ts'
import type { StatementToStore } from './signed.ts'

export type Organisation = {
  readonly id: TenantId
  readonly name: string
  readonly kind: TenantKind
  /** SCB's four digits; null where it is not a kommun. */
  readonly kommunCode: string | null
  readonly authorities: readonly {
    readonly id: AuthorityId
    readonly name: string
    readonly units: readonly { readonly id: UnitId; readonly name: string }[]
  }[]
  readonly staff: readonly {
    readonly user: UserId
    readonly name: string
    readonly title: string
    readonly salt: string
    readonly issuer: string
    readonly subject: string
    readonly authority: AuthorityId
    readonly units: readonly UnitId[]
    readonly roles: readonly Role[]
  }[]
}

/** Enters organisations and staff or brings them up to date; roles and units become those given, nothing else is removed.
 *  `ownerUrl`, here and below: sluss_owner's or a superuser's. */
export async function enterOrganisations(ownerUrl: string, organisations: readonly Organisation[]): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    for (const organisation of organisations) await enter(client, organisation)
  })
}

async function enter(client: pg.Client, organisation: Organisation): Promise<void> {
  await client.query(
    `insert into tenants (id, name, kind, kommun_code) values ($1, $2, $3, $4)
     on conflict (id) do update set name = excluded.name, kind = excluded.kind, kommun_code = excluded.kommun_code`,
    [organisation.id, organisation.name, organisation.kind, organisation.kommunCode],
  )
  for (const authority of organisation.authorities) {
    await client.query(
      'insert into authorities (id, tenant_id, name) values ($1, $2, $3) on conflict (id) do update set name = excluded.name',
      [authority.id, organisation.id, authority.name],
    )
    for (const unit of authority.units)
      await client.query(
        'insert into units (id, authority_id, name) values ($1, $2, $3) on conflict (id) do update set name = excluded.name',
        [unit.id, authority.id, unit.name],
      )
  }
  for (const person of organisation.staff) {
    await client.query(
      `insert into users (id, tenant_id, authority_id, name, title, salt, issuer, subject) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set authority_id = excluded.authority_id, name = excluded.name, title = excluded.title,
         salt = excluded.salt, issuer = excluded.issuer, subject = excluded.subject`,
      [
        person.user,
        organisation.id,
        person.authority,
        person.name,
        person.title,
        person.salt,
        person.issuer,
        person.subject,
      ],
    )
    await client.query('delete from user_roles where user_id = $1', [person.user])
    await client.query('insert into user_roles (user_id, role) select $1, unnest($2::text[])', [
      person.user,
      person.roles,
    ])
    await client.query('delete from user_units where user_id = $1', [person.user])
    await client.query('insert into user_units (user_id, unit_id) select $1, unnest($2::uuid[])', [
      person.user,
      person.units,
    ])
  }
}

/** Enters a tenant chain's first statement, signed by the root off line, and how the custodians' keys stand by it. */
export async function enterFounding(
  ownerUrl: string,
  founding: StatementToStore,
  keys: readonly KeyStanding[],
): Promise<void> {
  const row = rowOf(founding, 'in-chain')
  if (row.kind !== 'tenant' || row.n !== 0) throw new Error('not the first statement of a tenant chain')
  await asOwner(ownerUrl, async (client) => {
    await client.query("insert into chains (place, kind, tenant_id, n, hash) values ($1, 'tenant', $2, 0, $3)", [
      row.place,
      row.tenant_id,
      row.hash,
    ])
    await client.query(
      `insert into statements (hash, place, n, kind, type, tenant_id, by_user_id, signing, at, bytes, signature)
       values ($1, $2, 0, 'tenant', $3, $4, null, $5, $6, $7, decode($8, 'base64'))`,
      [row.hash, row.place, row.type, row.tenant_id, row.signing, row.at, row.bytes, row.signature],
    )
    for (const key of keys)
      await client.query('update staff_keys set state = $3, valid_until = $4 where signing = $1 and user_id = $2', [
        key.signing,
        key.user,
        key.state,
        key.validUntil,
      ])
  })
}

/** Enters a later statement of a tenant chain that was signed off line; throws where the chain has moved on from what it was judged by. */
export async function enterAtEnd(ownerUrl: string, said: StatementToStore): Promise<void> {
  const row = rowOf(said, 'in-chain')
  if (row.kind !== 'tenant' || row.n === 0) throw new Error('not a later statement of a tenant chain')
  await asOwner(ownerUrl, async (client) => {
    const { rowCount } = await client.query(
      'update chains set n = $2, hash = $3 where place = $1 and n = $2 - 1 and hash = $4',
      [row.place, row.n, row.hash, said.verified.statement.prev],
    )
    if (rowCount !== 1) throw new Conflict('ledger-moved-on')
    await client.query(
      `insert into statements (hash, place, n, kind, type, tenant_id, by_user_id, signing, at, bytes, signature)
       values ($1, $2, $3, 'tenant', $4, $5, $6, $7, $8, $9, decode($10, 'base64'))`,
      [
        row.hash,
        row.place,
        row.n,
        row.type,
        row.tenant_id,
        row.by_user_id,
        row.signing,
        row.at,
        row.bytes,
        row.signature,
      ],
    )
  })
}

/** Replaces sluss_now() by a settable clock: development and test databases only. Repeating it keeps the time set. */
export async function enableClock(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    await client.query('create table if not exists clock (ahead interval not null)')
    await client.query('alter table clock enable row level security; alter table clock force row level security')
    await client.query('drop policy if exists clock_everybody on clock; drop policy if exists clock_operator on clock')
    await client.query(
      'create policy clock_everybody on clock for select to sluss_app, sluss_read, sluss_projector using (true)',
    )
    await client.query('create policy clock_operator on clock for all to sluss_owner using (true) with check (true)')
    await client.query('grant select on clock to sluss_app, sluss_read, sluss_projector')
    await client.query("insert into clock select interval '0' where not exists (select 1 from clock)")
    await client.query(
      `create or replace function sluss_now() returns timestamptz language sql stable parallel safe
         as $$ select now() + (select ahead from clock) $$`,
    )
  })
}

/** Sets the database's clock to run on from `at`, or back to real time; throws where `enableClock` has not been. */
export async function setClock(ownerUrl: string, at: Date | 'real'): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    if (at === 'real') return client.query("update clock set ahead = interval '0'")
    return client.query('update clock set ahead = $1::timestamptz - now()', [at])
  })
}

const asOwner = <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  connected(url, async (client) => {
    await client.query('begin; set local role sluss_owner')
    const result = await work(client)
    await client.query('commit')
    return result
  })
