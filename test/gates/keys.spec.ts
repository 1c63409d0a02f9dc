// From an organisation's entry to a certified key, below the policy: who signs in, who keeps which half, how a tenant chain begins.
import type { Act, AuthorityId, Fingerprint, Hash, Instant, TenantId, TenantStatement, UserId } from '#libs/domain'
import { hash, id, instant, instantOf } from '#libs/domain'
import { Database, clockOf, enterFounding, enterOrganisations, keys, tenants } from '#libs/persistence'
import type { Organisation, StatementToStore, Tx } from '#libs/persistence'
import type { Actor, FactsOf, ListAct, Permit, Scope } from '#libs/policy'
import { decide, isPermit, isScope, scopeOf } from '#libs/policy'
import { freshDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

const uuid = (n: number): string => `00000000-0000-4000-b000-${n.toString(16).padStart(12, '0')}`
const hex = (n: number): string => n.toString(16).padStart(64, 'a')
const tenant = id<TenantId>(uuid(1))
const authority = id<AuthorityId>(uuid(2))
const custodian = id<UserId>(uuid(3))
const anna = id<UserId>(uuid(4))
const other = id<TenantId>(uuid(5))
const today = instant('2026-03-02T12:00Z')
const nextYear = instant('2027-03-02T12:00Z')

const person = (user: UserId, roles: Organisation['staff'][number]['roles']): Organisation['staff'][number] => ({
  user,
  name: `name of ${user}`,
  title: 'title',
  salt: 'c2FsdA==',
  issuer: 'https://idp.example',
  subject: user,
  authority,
  units: [],
  roles,
})
const organisations: readonly Organisation[] = [
  {
    id: tenant,
    name: 'Kommun',
    kind: 'kommun',
    kommunCode: '1490',
    authorities: [{ id: authority, name: 'Board', units: [] }],
    staff: [person(custodian, ['key_custodian']), person(anna, ['caseworker'])],
  },
  {
    id: other,
    name: 'Polis',
    kind: 'police_region',
    kommunCode: null,
    authorities: [{ id: id<AuthorityId>(uuid(6)), name: 'Region', units: [] }],
    staff: [],
  },
]
const lockedKey = (n: number): keys.LockedKey => ({
  signing: hash<Fingerprint>(hex(n)),
  encryption: hash<Fingerprint>(hex(n + 500)),
  publicKey: 'cHVibGlj',
  lockedPrivateKey: 'bG9ja2Vk',
})

let database: TestDatabase
let door: Database
beforeAll(async () => {
  database = await freshDatabase()
  await database.setClock(new Date('2026-03-02T12:00:00Z'))
  await enterOrganisations(database.ownerUrl, organisations)
  await enterOrganisations(database.ownerUrl, organisations)
  door = await Database.open({ url: database.appUrl, poolSize: 2 })
})
afterAll(async () => {
  await door.close()
  await database.drop()
})

type Work = { readonly tx: Tx; readonly actor: Actor; readonly at: Instant }
const as = <T>(user: UserId, work: (work: Work) => Promise<T>): Promise<T> =>
  door.run({ user, tenant, authority }, async (tx) => {
    const actor = await tenants.currentActor(tx)
    if (actor === null) throw new Error('nobody')
    return work({ tx, actor, at: instantOf((await clockOf(tx)).getTime()) })
  })
function permitted<A extends Act>({ actor, at }: Work, act: A, facts: FactsOf<A> | null): Permit<A> {
  const decision = decide(actor, act, facts, at)
  if (!isPermit(decision)) throw new Error(`${decision.answer} ${decision.problem}`)
  return decision
}
function scoped<A extends ListAct>({ actor, at }: Work, act: A): Scope<A> {
  const decision = scopeOf(actor, act, at)
  if (!isScope(decision)) throw new Error(decision.problem)
  return decision
}
const herself = ({ actor }: Work): FactsOf<'key.create'> => ({ about: 'person', user: actor.user, tenant, authority })
const makeKey = (user: UserId, key: keys.LockedKey): Promise<void> =>
  as(user, (work) => keys.storeOwnKey(work.tx, permitted(work, 'key.create', herself(work)), key))
const ownKey = (user: UserId): Promise<keys.OwnKey> =>
  as(user, (work) => keys.ownKey(work.tx, permitted(work, 'key.read-own', herself(work))))
const statement = (n: number, type: string): StatementToStore => ({
  signed: { bytes: `{"n":${n}}`, signature: 'AAAA' },
  verified: {
    hash: hash<Hash>(hex(9000 + n)),
    // Only place, type, signer and time are looked at here.
    statement: {
      v: 1,
      type,
      place: `tenant/${tenant}`,
      n,
      prev: null,
      at: today,
      by: n === 0 ? 'root' : custodian,
      key: hash<Fingerprint>(hex(1)),
      tenantHeads: {},
      body: {},
    } as unknown as TenantStatement,
  },
})

test('only the tenant’s own sign-in finds a person', async () => {
  const login = { issuer: 'https://idp.example', subject: anna }
  expect(await door.run({ system: 'sign-in', tenant }, (tx) => tenants.findActor(tx, login))).toEqual({
    user: anna,
    tenant,
    authority,
    units: [],
    roles: ['caseworker'],
    certifiedUntil: null,
  })
  expect(await door.run({ system: 'sign-in', tenant: other }, (tx) => tenants.findActor(tx, login))).toBeNull()
  expect(await door.run('anonymous', (tx) => tenants.signInTenants(tx, anybody()))).toMatchObject([
    { name: 'Kommun' },
    { name: 'Polis' },
  ])
})
const anybody = (): Permit<'tenant.choose'> => {
  const decision = decide(null, 'tenant.choose', null, today)
  if (!isPermit(decision)) throw new Error(decision.problem)
  return decision
}

test('a key is made, waits, is certified by a founded chain, ends, and is made again', async () => {
  expect(await ownKey(custodian)).toEqual({ state: 'none', key: null, validUntil: null })
  await makeKey(custodian, lockedKey(1))
  await enterFounding(database.ownerUrl, statement(0, 'tenant.founded'), [
    { user: custodian, signing: hash<Fingerprint>(hex(1)), state: 'certified', validUntil: nextYear },
  ])
  expect(await ownKey(custodian)).toEqual({ state: 'certified', key: lockedKey(1), validUntil: nextYear })

  await makeKey(anna, lockedKey(2))
  await expect(makeKey(anna, lockedKey(3))).rejects.toMatchObject({ reason: 'already-exists' })
  const pending = await as(custodian, (work) => keys.pendingKeys(work.tx, scoped(work, 'key.list-pending')))
  expect(pending).toMatchObject([{ user: anna, signing: hex(2), publicKey: 'cHVibGlj', roles: ['caseworker'] }])

  const certify = (n: number, state: 'certified' | 'ended') =>
    as(custodian, async (work) => {
      await keys.lockTenantChain(work.tx)
      const permit = permitted(work, 'key.certify', { about: 'person', user: anna, tenant, authority })
      return keys.storeTenantAppend(work.tx, permit, {
        statements: [statement(n, state === 'certified' ? 'key.certified' : 'key.ended')],
        keys: [{ user: anna, signing: hash<Fingerprint>(hex(2)), state, validUntil: nextYear }],
      })
    })
  expect(await certify(1, 'certified')).toMatchObject({ heads: { [`tenant/${tenant}`]: { n: 1 } } })
  expect((await as(anna, async ({ actor }) => actor)).certifiedUntil).toBe(nextYear)
  await expect(certify(1, 'certified')).rejects.toMatchObject({ reason: 'ledger-moved-on' })
  await certify(2, 'ended')
  expect((await ownKey(anna)).state).toBe('ended')
  await makeKey(anna, lockedKey(4))
  expect((await ownKey(anna)).state).toBe('pending')
  const staff = await as(custodian, (work) => tenants.staffOf(work.tx, scoped(work, 'staff.list')))
  expect(staff.map((each) => each.key)).toEqual(['certified', 'pending'])
  const heads = await as(anna, ({ tx }) => tenants.tenantHeads(tx))
  expect(heads).toMatchObject({ [tenant]: { n: 2 } })
})

test('the directory names every organisation with its authorities', async () => {
  expect(await as(anna, (work) => tenants.directory(work.tx, scoped(work, 'directory.read')))).toMatchObject([
    { id: tenant, authorities: [{ name: 'Board', units: [] }] },
    { id: other, authorities: [{ name: 'Region' }] },
  ])
})
