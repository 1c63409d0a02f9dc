// Organisations, their staff, and the chains of certified keys.
import type { AuthorityId, Hash, Head, Role, TenantId, TenantKind, UnitId, UserId } from '#libs/domain'
import { instantOf } from '#libs/domain'
import type { Actor, Permit, Scope } from '#libs/policy'
import type { StatementAnswer } from './chains.ts'
import { statementColumns, storedStatement } from './chains.ts'
import { TenantEntity } from './entities.ts'
import { scopeSql } from './relations.sql.ts'
import type { StoredStatement } from './signed.ts'
import type { Tx } from './transaction.ts'
import { managerOf, personOf, query } from './transaction.ts'

export type TenantEntry = {
  readonly id: TenantId
  readonly name: string
  readonly kind: TenantKind
  readonly authorities: readonly {
    readonly id: AuthorityId
    readonly name: string
    readonly units: readonly { readonly id: UnitId; readonly name: string }[]
  }[]
}
export type KeyState = 'none' | 'pending' | 'certified' | 'ended'
export type StaffEntry = {
  readonly user: UserId
  readonly name: string
  readonly title: string
  readonly salt: string
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  readonly key: KeyState
}
export type Profile = {
  readonly name: string
  readonly title: string
  readonly tenant: {
    readonly id: TenantId
    readonly name: string
    readonly kind: TenantKind
    readonly kommunCode: string | null
  }
  readonly authority: { readonly id: AuthorityId; readonly name: string }
  readonly units: readonly { readonly id: UnitId; readonly name: string }[]
}

const chainPage = 500

/** The choice before signing in; run as 'anonymous'. */
export async function signInTenants(
  tx: Tx,
  _permit: Permit<'tenant.choose'>,
): Promise<readonly Pick<TenantEntry, 'id' | 'name' | 'kind'>[]> {
  return managerOf(tx).find(TenantEntity, { order: { name: 'ASC' } })
}

type ActorRow = {
  readonly user: UserId
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly roles: readonly Role[]
  readonly certified_until: Date | null
}
const roleList = 'array(select r.role from user_roles r where r.user_id = u.id order by r.role) as roles'
const unitList = 'array(select n.unit_id from user_units n where n.user_id = u.id order by n.unit_id) as units'
const actorSql = (where: string): string =>
  `select u.id as user, u.tenant_id as tenant, u.authority_id as authority, ${roleList}, ${unitList},
          (select k.valid_until from staff_keys k where k.user_id = u.id and k.state = 'certified') as certified_until
   from users u where ${where}`

const actorOf = ({ certified_until, ...row }: ActorRow): Actor => ({
  ...row,
  certifiedUntil: certified_until === null ? null : instantOf(certified_until.getTime()),
})

/** Who signs in, at one tenant's identity provider; run as {system: 'sign-in', tenant}. Null: nobody. */
export async function findActor(
  tx: Tx,
  login: { readonly issuer: string; readonly subject: string },
): Promise<Actor | null> {
  const sql = actorSql('u.issuer = $1 and u.subject = $2 and u.tenant_id = sluss_tenant()')
  const [row] = await query<ActorRow>(tx, sql, [login.issuer, login.subject])
  return row === undefined ? null : actorOf(row)
}

/** The person of this transaction as she stands now: roles, units and certification change during a session. Null: she is gone. */
export async function currentActor(tx: Tx): Promise<Actor | null> {
  const person = personOf(tx)
  const [row] = await query<ActorRow>(tx, actorSql('u.id = $1 and u.authority_id = $2'), [
    person.user,
    person.authority,
  ])
  return row === undefined ? null : actorOf(row)
}

export async function findProfile(tx: Tx, permit: Permit<'session.read'>): Promise<Profile> {
  const [row] = await query<Profile>(
    tx,
    `select u.name, u.title, json_build_object('id', t.id, 'name', t.name, 'kind', t.kind, 'kommunCode', t.kommun_code) as tenant,
            json_build_object('id', a.id, 'name', a.name) as authority,
            coalesce((select json_agg(json_build_object('id', n.id, 'name', n.name) order by n.name)
              from user_units x join units n on n.id = x.unit_id where x.user_id = u.id), '[]') as units
     from users u join tenants t on t.id = u.tenant_id join authorities a on a.id = u.authority_id where u.id = $1`,
    [permit.ids.user],
  )
  if (row === undefined) throw new Error('a permit for a person who is not there')
  return row
}

/** The code that numbers of cases opened here begin with; null: the organisation is no kommun. */
export async function kommunCodeOf(tx: Tx, _permit: Permit<'case.open'>): Promise<string | null> {
  const sql = 'select kommun_code as code from tenants where id = (select sluss_tenant())'
  const [row] = await query<{ code: string | null }>(tx, sql, [])
  return row?.code ?? null
}

export async function directory(tx: Tx, scope: Scope<'directory.read'>): Promise<readonly TenantEntry[]> {
  return managerOf(tx)
    .createQueryBuilder(TenantEntity, 't')
    .leftJoinAndSelect('t.authorities', 'a')
    .leftJoinAndSelect('a.units', 'n')
    .where(scopeSql(scope, {}))
    .orderBy({ 't.name': 'ASC', 'a.name': 'ASC', 'n.name': 'ASC' })
    .getMany()
}

/** How a person's newest key stands: an expired certification counts as ended. */
const keyState = `coalesce((select case when k.state = 'certified' and k.valid_until <= (select sluss_now()) then 'ended' else k.state end
  from staff_keys k where k.user_id = u.id order by (k.state = 'ended'), (k.state = 'pending'), k.created_at desc limit 1), 'none') as key`
const staffSql = (where: string): string =>
  `select u.id as user, u.name, u.title, u.salt, u.tenant_id as tenant, u.authority_id as authority, ${unitList}, ${roleList}, ${keyState}
   from users u where ${where} order by u.name, u.id`

/** The staff of the actor's own authority. */
export const staffOf = (tx: Tx, scope: Scope<'staff.list'>): Promise<readonly StaffEntry[]> =>
  query<StaffEntry>(tx, staffSql(scopeSql(scope, { authority: 'u.authority_id', tenant: 'u.tenant_id' })))

/** Colleagues, and those of other authorities whom a strand to the actor's authority in this case has named. */
export const peopleOf = (tx: Tx, permit: Permit<'case.read'>): Promise<readonly StaffEntry[]> =>
  query<StaffEntry>(
    tx,
    staffSql(`u.authority_id = (select sluss_authority())
      or exists (select 1 from introductions i where i.case_id = $1 and i.user_id = u.id and i.authority_id = (select sluss_authority()))`),
    [permit.ids.case],
  )

/** Statements of one tenant chain from place `from` on, 500 at most. */
export async function pageChain(
  tx: Tx,
  permit: Permit<'tenant-chain.read'>,
  from: number,
): Promise<{ readonly statements: readonly StoredStatement[]; readonly more: boolean }> {
  const rows = await query<StatementAnswer>(
    tx,
    `select ${statementColumns} from statements where place = $1 and in_chain and n >= $2 order by n limit $3`,
    [`tenant/${permit.ids.tenant}`, from, chainPage + 1],
  )
  return { statements: rows.slice(0, chainPage).map(storedStatement), more: rows.length > chainPage }
}

/** For the server's own checking of signatures; never answered to a caller. Statements after place `after` (-1: all). */
export async function tenantStatements(tx: Tx, tenant: TenantId, after: number): Promise<readonly StoredStatement[]> {
  const sql = `select ${statementColumns} from statements where place = $1 and in_chain and n > $2 order by n`
  return (await query<StatementAnswer>(tx, sql, [`tenant/${tenant}`, after])).map(storedStatement)
}

/** Newest places of all tenant chains, by tenant: what a cache of tenant states compares with. */
export async function tenantHeads(tx: Tx): Promise<Readonly<Record<TenantId, Head>>> {
  const rows = await query<{ tenant_id: TenantId; n: number; hash: Hash }>(
    tx,
    "select tenant_id, n, hash from chains where kind = 'tenant'",
  )
  return headsByTenant(rows)
}

/** The same of the tenants of these authorities alone. */
export async function headsOf(tx: Tx, authorities: readonly AuthorityId[]): Promise<Readonly<Record<TenantId, Head>>> {
  const rows = await query<{ tenant_id: TenantId; n: number; hash: Hash }>(
    tx,
    `select tenant_id, n, hash from chains
     where kind = 'tenant' and tenant_id in (select a.tenant_id from authorities a where a.id = any ($1))`,
    [authorities],
  )
  return headsByTenant(rows)
}

const headsByTenant = (
  rows: readonly { readonly tenant_id: TenantId; readonly n: number; readonly hash: Hash }[],
): Readonly<Record<TenantId, Head>> =>
  Object.fromEntries(rows.map((row) => [row.tenant_id, { n: row.n, hash: row.hash }]))
