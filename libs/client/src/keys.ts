// Staff keys: making, unlocking, certifying and ending them (protocol.md § 3).
import type { Person } from '#libs/contracts'
import { keys as operations, tenants } from '#libs/contracts'
import type { Fingerprint, Hash, Instant, StaffKey, TenantBodies, TenantState, UserId } from '#libs/domain'
import { addDays, addMinutes, clocksApartMinutes, instant, keysOf, replacedBy } from '#libs/domain'
import type { UnsignedStatement } from '#libs/protocol'
import {
  createStaffKey,
  labelOf,
  leastPassphraseBits,
  lockPrivateKey,
  passphraseBits,
  proposePassphrase,
  readPublicKey,
  signStatement,
  sixWords,
  unlockPrivateKey,
} from '#libs/protocol'
import type { Context } from './context.ts'
import { SlussProblem } from './problem.ts'
import { colleagues } from './people.ts'
import type { EndingKey, KeyStatus, PendingKey, SlussSession } from './views.ts'

/** How long a certification holds; renewed from thirty days before. */
const certifiedDays = 365
const renewedFromDays = 30

type KeyCalls = Pick<
  SlussSession,
  | 'keyStatus'
  | 'proposePassphrase'
  | 'createKey'
  | 'unlock'
  | 'lock'
  | 'pendingKeys'
  | 'certifyKey'
  | 'endingKeys'
  | 'renewKey'
  | 'endKey'
>

const wordsOf = (signing: Fingerprint): readonly string[] => sixWords(signing)

/** The calls on keys, for one session. */
export function keyCalls(context: Context): KeyCalls {
  const status = async (): Promise<KeyStatus> => {
    const { state, key, validUntil: until } = await context.http.call(operations.table.own)
    const words = key === null ? null : wordsOf(key.signing)
    const validUntil = until === null ? null : instant(until)
    if (state !== 'certified') return { state, words, validUntil }
    return { state: context.unlocked?.public.signing === key?.signing ? 'ready' : 'locked', words, validUntil }
  }

  return {
    keyStatus: status,
    proposePassphrase: async () => proposePassphrase(context.random),

    async createKey(passphrase) {
      if (!context.takesInventedPassphrases && passphraseBits(passphrase) < leastPassphraseBits)
        throw new SlussProblem('passphrase-weak', 0)
      const made = await createStaffKey({ random: context.random, at: context.now() })
      const lockedPrivateKey = await lockPrivateKey(made.halves, passphrase)
      const { publicKey, signing, encryption } = made
      await context.http.call(operations.table.create, { body: { publicKey, signing, encryption, lockedPrivateKey } })
      context.unlock(made.key)
      return status()
    },

    async unlock(passphrase) {
      const { key } = await context.http.call(operations.table.own)
      if (key === null) throw new SlussProblem('key-missing', 0)
      const unlocked = await unlockPrivateKey(key.lockedPrivateKey, passphrase, key)
      if (!unlocked.ok) throw new SlussProblem('passphrase-wrong', 0, unlocked.error)
      context.unlock(unlocked.value)
      return status()
    },

    lock: async () => context.lock(),

    async pendingKeys() {
      const { keys } = await context.http.call(operations.table.pending)
      return keys.map((key): PendingKey => ({
        user: key.user,
        name: key.name,
        title: key.title,
        roles: key.roles,
        authority: key.authority,
        words: wordsOf(key.signing),
        createdAt: key.createdAt,
      }))
    },

    certifyKey: (user) => certify(context, user),
    endingKeys: () => endingKeys(context),
    renewKey: (user) => renew(context, user),
    endKey: (user, reason) => end(context, user, reason),
  }
}

type Waiting = Omit<TenantBodies['key.certified'], 'validUntil' | 'label'> & Pick<Person, 'name' | 'title' | 'salt'>

/** A key that waits for certification: as its owner made it, or, for a founding's custodian, as the root named it. */
async function pendingOf(context: Context, user: UserId): Promise<Waiting> {
  const { keys } = await context.http.call(operations.table.pending)
  const pending = keys.find((key) => key.user === user)
  if (pending !== undefined) return pending
  const tenant = (await context.me()).tenant.id
  const state = context.tenants.state(tenant)
  const custodians = state === null ? [] : replacedBy(state, context.now()).custodians
  const custodian = custodians.find((one) => one.user === user)
  const { staff } = await context.http.call(tenants.table.staff)
  const person = staff.find((one) => one.user === user)
  if (custodian === undefined || person === undefined) throw new SlussProblem('not-found-here', 0)
  const { publicKey, signing, encryption } = custodian
  return { ...person, publicKey, signing, encryption }
}

async function certificationOf(
  context: Context,
  pending: Waiting,
  validUntil: Instant,
): Promise<TenantBodies['key.certified']> {
  const read = await readPublicKey(pending.publicKey)
  // The words were compared over `signing`: what is certified must be that key and no other.
  if (!read.ok || read.value.signing !== pending.signing || read.value.encryption !== pending.encryption)
    throw new SlussProblem('statement-refused', 0, read.ok ? 'fingerprint-differs' : read.error)
  const { user, signing, encryption, publicKey, roles, authority, units } = pending
  const label = await labelOf(pending.salt, { name: pending.name, title: pending.title })
  return { user, signing, encryption, publicKey, roles, authority, units, validUntil, label }
}

type Certification = TenantBodies['key.certified']

/**
 * What another custodian proposed, where it says exactly what this one would say herself, for no longer; null where none does: one
 * who approved something else would lend her name to roles or a name that she never saw.
 */
function alike(state: TenantState | null, mine: Certification): Hash | null {
  for (const [hash, { verified }] of state?.waiting ?? []) {
    const { statement } = verified
    if (statement.type !== 'key.certified') continue
    const isLonger = statement.body.validUntil > addMinutes(mine.validUntil, 2 * clocksApartMinutes)
    if (saidOf(statement.body) === saidOf(mine) && !isLonger) return hash
  }
  return null
}

const saidOf = ({ user, signing, encryption, publicKey, roles, authority, units, label }: Certification): string =>
  JSON.stringify([user, signing, encryption, publicKey, roles, authority, units, label])

/** Approves what another custodian proposed, where two are needed and it is what this one was shown; else certifies by herself. */
async function certify(context: Context, user: UserId): Promise<void> {
  const tenant = (await context.me()).tenant.id
  await context.tenants.refresh(tenant)
  const pending = await pendingOf(context, user)
  await sendCertification(context, await certificationOf(context, pending, addDays(context.now(), certifiedDays)))
}

async function sendCertification(context: Context, mine: Certification): Promise<void> {
  const tenant = (await context.me()).tenant.id
  const of = alike(context.tenants.state(tenant), mine)
  const signed =
    of === null ? await signTenant(context, 'key.certified', mine) : await signTenant(context, 'approved', { of })
  await context.http.call(operations.table.certify, { body: { statements: [signed], wraps: [] } })
  await context.tenants.refresh(tenant)
}

/** The newest key of a person that has not been ended, whether or not its certification still runs. */
const keptKey = (state: TenantState | null, user: UserId): StaffKey | null =>
  state === null ? null : (keysOf(state, user).findLast((key) => key.ended === null) ?? null)

/** True where one custodian has signed for this key and another is needed. */
const isProposed = (state: TenantState | null, signing: Fingerprint): boolean =>
  [...(state?.waiting.values() ?? [])].some(
    ({ verified: { statement } }) => statement.type === 'key.certified' && statement.body.signing === signing,
  )

/** Certifications that end within thirty days, or have, as the verified chain tells; the nearest end first. */
async function endingKeys(context: Context): Promise<readonly EndingKey[]> {
  const me = await context.me()
  await context.tenants.refresh(me.tenant.id)
  const state = context.tenants.state(me.tenant.id)
  const soon = addDays(context.now(), renewedFromDays)
  const found = (await colleagues(context)).flatMap(({ user, name, title, roles, authority, key }): EndingKey[] => {
    const kept = keptKey(state, user)
    // Whoever has made another key is certified anew.
    if (kept === null || kept.validUntil > soon || key === 'pending') return []
    const { validUntil, signing } = kept
    return [{ user, name, title, roles, authority, validUntil, waits: isProposed(state, signing) }]
  })
  return found.toSorted((a, b) => a.validUntil.localeCompare(b.validUntil))
}

/** Those certified on one day do not all end on one day again: up to thirty days less, by the person's id. */
const staggered = (user: UserId): number =>
  certifiedDays - (Number.parseInt(user.slice(0, 6), 16) % (renewedFromDays + 1))

/** Keeps the key and moves the end of its certification, with the roles, units and name that the person has now. */
async function renew(context: Context, user: UserId): Promise<void> {
  const tenant = (await context.me()).tenant.id
  await context.tenants.refresh(tenant)
  const kept = keptKey(context.tenants.state(tenant), user)
  const { staff } = await context.http.call(tenants.table.staff)
  const person = staff.find((one) => one.user === user)
  const key = kept === null ? null : await context.tenants.key(kept.signing)
  if (person === undefined || key === null) throw new SlussProblem('not-found-here', 0)
  const { publicKey, signing, encryption } = key
  const validUntil = addDays(context.now(), staggered(user))
  const renewed = { ...person, publicKey, signing, encryption }
  await sendCertification(context, await certificationOf(context, renewed, validUntil))
}

async function end(context: Context, user: UserId, reason: 'left' | 'lost' | 'compromised'): Promise<void> {
  const tenant = (await context.me()).tenant.id
  // Ending narrows, so a chain that moved on is no reason to ask again (protocol.md § 4 rule 2).
  for (let attempt = 0; ; attempt += 1) {
    await context.tenants.refresh(tenant)
    const certified = context.tenants.certified(tenant, user)
    if (certified === null) throw new SlussProblem('not-found-here', 0)
    const signed = await signTenant(context, 'key.ended', { user, signing: certified.signing, reason })
    try {
      await context.http.call(operations.table.end, { body: { statements: [signed], wraps: [] } })
      await context.tenants.refresh(tenant)
      return
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || problem.name !== 'ledger-moved-on' || attempt >= 3) throw problem
    }
  }
}

async function signTenant<T extends keyof TenantBodies & string>(context: Context, type: T, body: TenantBodies[T]) {
  const me = await context.me()
  const { key } = await context.holder()
  const head = context.tenants.head(me.tenant.id)
  const newest = context.tenants.statements(me.tenant.id).at(-1)?.statement.at ?? null
  const unsigned = {
    place: `tenant/${me.tenant.id}`,
    n: head === null ? 0 : head.n + 1,
    prev: head?.hash ?? null,
    at: context.at(newest),
    by: me.user,
    tenantHeads: {},
    type,
    body,
  } as UnsignedStatement // type and body are of one kind by the signature above
  return (await signStatement(unsigned, key, context.random)).signed
}
