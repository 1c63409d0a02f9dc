// Staff keys: public halves, locked private halves, their certification; and the wraps of a case's keys.
import type {
  AuthorityId,
  Fingerprint,
  Head,
  Instant,
  KeyId,
  PlaceName,
  Role,
  TenantId,
  UnitId,
  UserId,
} from '#libs/domain'
import { instantOf } from '#libs/domain'
import type { Permit, Scope } from '#libs/policy'
import { storeStatements } from './append.ts'
import { rowOf } from './chains.ts'
import { nil } from './cursor.ts'
import { Conflict } from './problems.ts'
import { scopeSql } from './relations.sql.ts'
import type { StatementToStore, WrapRow } from './signed.ts'
import type { KeyState } from './tenants.store.ts'
import type { Tx } from './transaction.ts'
import { changed, clockOf, personOf, query } from './transaction.ts'

export type PublicHalf = { readonly publicKey: string; readonly signing: Fingerprint; readonly encryption: Fingerprint }
export type LockedKey = PublicHalf & { readonly lockedPrivateKey: string }
export type OwnKey = { readonly state: KeyState; readonly key: LockedKey | null; readonly validUntil: Instant | null }
export type PendingKey = PublicHalf & {
  readonly user: UserId
  readonly name: string
  readonly title: string
  readonly salt: string
  readonly roles: readonly Role[]
  readonly authority: AuthorityId
  readonly units: readonly UnitId[]
  readonly createdAt: Date
}
/** How a person's key stands after an append to the tenant chain, as the domain folds it. */
export type KeyStanding = {
  readonly user: UserId
  readonly signing: Fingerprint
  readonly state: 'certified' | 'ended'
  readonly validUntil: Instant
}

const wrapPage = 500
const base64 = (column: string): string => `translate(encode(${column}, 'base64'), E'\\n', '')`

/** The actor's own newest key; the private half is only ever locked. An expired certification answers `ended`. */
export async function ownKey(tx: Tx, permit: Permit<'key.read-own'>): Promise<OwnKey> {
  const [row] = await query<LockedKey & { state: KeyState; until: Date | null }>(
    tx,
    `select k.signing, k.encryption, k.valid_until as until, ${base64('k.public_key')} as "publicKey", ${base64('l.bytes')} as "lockedPrivateKey",
            case when k.state = 'certified' and k.valid_until <= sluss_now() then 'ended' else k.state end as state
     from staff_keys k join locked_keys l on l.signing = k.signing
     where k.user_id = $1 order by (k.state = 'ended'), (k.state = 'pending'), k.created_at desc limit 1`,
    [permit.ids.user],
  )
  if (row === undefined) return { state: 'none', key: null, validUntil: null }
  const { state, until, ...key } = row
  return { state, key, validUntil: until === null ? null : instantOf(until.getTime()) }
}

/** Keeps a new key as pending. Throws Conflict('already-exists') while a pending or certified one stands: a lost key is ended first. */
export async function storeOwnKey(tx: Tx, permit: Permit<'key.create'>, key: LockedKey): Promise<void> {
  const { user } = permit.ids
  const [standing] = await query(
    tx,
    "select 1 from staff_keys where user_id = $1 and (state = 'pending' or (state = 'certified' and valid_until > sluss_now()))",
    [user],
  )
  if (standing !== undefined) throw new Conflict('already-exists')
  await query(
    tx,
    "insert into staff_keys (signing, encryption, user_id, tenant_id, public_key) values ($1, $2, $3, sluss_tenant(), decode($4, 'base64'))",
    [key.signing, key.encryption, user, key.publicKey],
  )
  await query(tx, "insert into locked_keys (signing, user_id, bytes) values ($1, $2, decode($3, 'base64'))", [
    key.signing,
    user,
    key.lockedPrivateKey,
  ])
}

/** Keys that wait for a custodian, oldest first. */
export const pendingKeys = (tx: Tx, scope: Scope<'key.list-pending'>): Promise<readonly PendingKey[]> =>
  query<PendingKey>(
    tx,
    `select k.signing, k.encryption, ${base64('k.public_key')} as "publicKey", k.created_at as "createdAt",
            u.id as user, u.name, u.title, u.salt, u.authority_id as authority,
            array(select r.role from user_roles r where r.user_id = u.id order by r.role) as roles,
            array(select n.unit_id from user_units n where n.user_id = u.id order by n.unit_id) as units
     from staff_keys k join users u on u.id = k.user_id
     where k.state = 'pending' and k.tenant_id = sluss_tenant() and ${scopeSql(scope, { tenant: 'k.tenant_id' })}
     order by k.created_at, u.id limit 500`,
  )

/** The newest key of a colleague, of any standing: what a certification or an ending speaks of. Null: none. */
export async function keyOf(
  tx: Tx,
  signing: Fingerprint,
): Promise<(PublicHalf & { readonly user: UserId; readonly tenant: TenantId; readonly state: KeyState }) | null> {
  const [row] = await query<PublicHalf & { user: UserId; tenant: TenantId; state: KeyState }>(
    tx,
    `select user_id as user, tenant_id as tenant, state, signing, encryption, ${base64('public_key')} as "publicKey" from staff_keys where signing = $1`,
    [signing],
  )
  return row ?? null
}

/** Appends to the actor's own tenant chain wait for each other until the end of the transaction. */
export async function lockTenantChain(tx: Tx): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 3))', [personOf(tx).tenant])
}

/** Appends to the actor's own tenant chain and marks the keys. Throws Conflict('ledger-moved-on') if a place is taken. */
export async function storeTenantAppend(
  tx: Tx,
  permit: Permit<'key.certify'> | Permit<'key.end'>,
  append: { readonly statements: readonly StatementToStore[]; readonly keys: readonly KeyStanding[] },
): Promise<{ readonly heads: Readonly<Record<PlaceName, Head>>; readonly acceptedAt: Date }> {
  const rows = append.statements.map((each) => rowOf(each, 'in-chain'))
  if (rows.some((row) => row.tenant_id !== permit.actor.tenant)) throw new Error('not the chain that the permit is for')
  const heads = await storeStatements(tx, rows)
  // Ended ones first: a person has one certified key at a time.
  for (const key of [...append.keys].sort((a, b) => (a.state === b.state ? 0 : a.state === 'ended' ? -1 : 1))) {
    const sql = 'update staff_keys set state = $3, valid_until = $4 where signing = $1 and user_id = $2'
    if ((await changed(tx, sql, [key.signing, key.user, key.state, key.validUntil])) !== 1)
      throw new Error('a statement about a key that is not kept')
  }
  return { heads, acceptedAt: await clockOf(tx) }
}

/** The wraps for the actor: by her own key, by her authority's reception keys, or under an epoch; whole keys at a time, by key id. */
export async function pageWraps(
  tx: Tx,
  permit: Permit<'key.read-wraps'>,
  after: KeyId | null,
): Promise<{ readonly wraps: readonly WrapRow[]; readonly more: boolean }> {
  const rows = await query<WrapRow>(
    tx,
    `with page as (
       select distinct key_id from wraps where case_id = $1 and key_id > $2::uuid order by key_id limit $3)
     select w.key_id as key, w.holder as to, ${base64('w.bytes')} as bytes
     from wraps w where w.case_id = $1 and w.key_id in (select key_id from page) order by w.key_id, w.holder`,
    [permit.ids.case, after ?? nil, wrapPage + 1],
  )
  const keys = [...new Set(rows.map((row) => row.key))]
  const shown = new Set(keys.slice(0, wrapPage))
  return { wraps: rows.filter((row) => shown.has(row.key)), more: keys.length > wrapPage }
}
