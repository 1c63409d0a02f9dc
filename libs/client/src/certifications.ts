// Certifying and renewing: a custodian signs what she was shown, to the letter, and asks the server for nothing of it again.
import { keys as operations, tenants } from '#libs/contracts'
import type { Instant, StaffKey, TenantBodies, TenantState, UserId } from '#libs/domain'
import { addDays, addMinutes, clocksApartMinutes, keysOf, newestKeyOf, replacedBy } from '#libs/domain'
import { labelOf, readPublicKey, sixWords } from '#libs/protocol'
import type { Context } from './context.ts'
import { SlussProblem } from './problem.ts'
import { signTenant } from './tenant-says.ts'
import type { CertifiedBefore, EndingKey, PendingKey, Proposal, ShownKey } from './views.ts'

/** How long a certification holds; renewed from thirty days before. */
const certifiedDays = 365
const renewedFromDays = 30

type Certification = TenantBodies['key.certified']
type Asked = Omit<ShownKey, 'before' | 'proposal' | 'waits'>

/** Keys that wait: as their owners made them, and those of a founding's custodians, as the root named them. */
export async function pendingKeys(context: Context): Promise<readonly PendingKey[]> {
  const [{ keys }, state] = [await context.http.call(operations.table.pending), await ownState(context)]
  const validUntil = addDays(context.now(), certifiedDays)
  const found: PendingKey[] = []
  for (const { createdAt, ...key } of [...keys, ...(await uncertifiedCustodians(context, state, keys))]) {
    const shown = await shownOf(context, state, key, validUntil)
    found.push({ ...shown, words: sixWords(shown.signing), createdAt })
  }
  return found
}

/** Certifications that end within thirty days, or have, as the verified chain tells; the nearest end first. */
export async function endingKeys(context: Context): Promise<readonly EndingKey[]> {
  const state = await ownState(context)
  const soon = addDays(context.now(), renewedFromDays)
  const { staff } = await context.http.call(tenants.table.staff)
  const found: EndingKey[] = []
  for (const person of staff) {
    const kept = keptKey(state, person.user)
    // Whoever has made another key is certified anew.
    if (kept === null || kept.validUntil > soon || person.key === 'pending') continue
    const key = await context.tenants.key(kept.signing)
    if (key === null) continue
    const { publicKey, signing, encryption } = key
    const renewed = addDays(context.now(), staggered(person.user))
    const shown = await shownOf(context, state, { ...person, publicKey, signing, encryption }, renewed)
    found.push({ ...shown, validUntil: kept.validUntil })
  }
  return found.toSorted((a, b) => a.validUntil.localeCompare(b.validUntil))
}

/** Signs for the key whose words were compared, as the person who was shown with it. */
export async function certify(context: Context, shown: PendingKey): Promise<void> {
  if (sixWords(shown.signing).join(' ') !== shown.words.join(' '))
    throw new SlussProblem('statement-refused', 0, 'fingerprint-differs')
  await sign(context, shown, certifiedDays)
}

/** Keeps the key and moves the end of its certification, with the roles, units and name that were shown. */
export async function renew(context: Context, shown: EndingKey): Promise<void> {
  const kept = keptKey(await ownState(context), shown.user)
  if (kept?.signing !== shown.signing) throw new SlussProblem('not-found-here', 0)
  await sign(context, shown, staggered(shown.user))
}

/**
 * Says it herself, or approves what another custodian has said where she was shown that: by its hash, and only where it says the
 * same. Has it fallen meanwhile, she looks again.
 */
async function sign(context: Context, shown: ShownKey, days: number): Promise<void> {
  const state = await ownState(context)
  const mine = await certificationOf(shown, addDays(context.now(), days))
  const { proposal } = shown
  if (proposal !== null && !isAlike(waitingCertification(state, proposal), mine))
    throw new SlussProblem('ledger-moved-on', 0)
  const signed =
    proposal === null
      ? await signTenant(context, 'key.certified', mine)
      : await signTenant(context, 'approved', { of: proposal.of })
  await context.http.call(operations.table.certify, { body: { statements: [signed], wraps: [] } })
  await ownState(context)
}

async function ownState(context: Context): Promise<TenantState | null> {
  const tenant = (await context.me()).tenant.id
  await context.tenants.refresh(tenant)
  const state = context.tenants.state(tenant)
  return state === null ? null : replacedBy(state, context.now())
}

/** What is to be shown and signed, and nothing beside it: an answer may hold more. */
async function shownOf(
  context: Context,
  state: TenantState | null,
  asked: Asked,
  validUntil: Instant,
): Promise<ShownKey> {
  const { user, name, title, salt, roles, authority, units, publicKey, signing, encryption } = asked
  const only = { user, name, title, salt, roles, authority, units, publicKey, signing, encryption }
  const mine = await certificationOf(only, validUntil)
  const me = (await context.me()).user
  const before = state === null ? null : newestKeyOf(state, user)
  return {
    ...only,
    before: before === null ? null : beforeOf(before, mine),
    proposal: alike(state, mine, me),
    waits: isProposed(state, only),
  }
}

const beforeOf = ({ roles, authority, units, label }: StaffKey, mine: Certification): CertifiedBefore => ({
  roles,
  authority,
  units,
  isNameSame: label === mine.label,
})

async function certificationOf(asked: Asked, validUntil: Instant): Promise<Certification> {
  const { user, signing, encryption, publicKey, roles, authority, units } = asked
  const read = await readPublicKey(publicKey)
  // The words are compared over `signing`: what is certified must be that key and no other.
  if (!read.ok || read.value.signing !== signing || read.value.encryption !== encryption)
    throw new SlussProblem('statement-refused', 0, read.ok ? 'fingerprint-differs' : read.error)
  const label = await labelOf(asked.salt, { name: asked.name, title: asked.title })
  return { user, signing, encryption, publicKey, roles, authority, units, validUntil, label }
}

/**
 * What another custodian proposed, where it says exactly what this one would say herself, for no longer; null where none does: one
 * who approved something else would lend her name to roles or a name that she never saw.
 */
function alike(state: TenantState | null, mine: Certification, me: UserId): Proposal | null {
  for (const [of, { verified }] of state?.waiting ?? []) {
    const { type, body, by } = verified.statement
    if (type !== 'key.certified' || by === 'root' || by === me || !isAlike(body, mine)) continue
    return { of, by, validUntil: body.validUntil }
  }
  return null
}

function waitingCertification(state: TenantState | null, { of }: Proposal): Certification | null {
  const statement = state?.waiting.get(of)?.verified.statement
  return statement?.type === 'key.certified' ? statement.body : null
}

const isAlike = (proposed: Certification | null, mine: Certification): boolean =>
  proposed !== null &&
  saidOf(proposed) === saidOf(mine) &&
  proposed.validUntil <= addMinutes(mine.validUntil, 2 * clocksApartMinutes)

const saidOf = ({ user, signing, encryption, publicKey, roles, authority, units, label }: Certification): string =>
  JSON.stringify([user, signing, encryption, publicKey, roles, authority, units, label])

type Dated = Asked & { readonly createdAt: string }

/** Custodians act from the founding; their certification as staff comes after it, each by another. */
async function uncertifiedCustodians(
  context: Context,
  state: TenantState | null,
  pending: readonly { readonly user: UserId }[],
): Promise<readonly Dated[]> {
  const named = (state?.custodians ?? []).filter(
    ({ user }) => !isCertified(state, user) && pending.every((one) => one.user !== user),
  )
  if (state === null || named.length === 0) return []
  const { staff } = await context.http.call(tenants.table.staff)
  const createdAt = context.tenants.statements(state.tenant)[0]?.statement.at ?? context.now()
  return named.flatMap(({ user, publicKey, signing, encryption }): Dated[] => {
    const person = staff.find((one) => one.user === user)
    return person === undefined ? [] : [{ ...person, publicKey, signing, encryption, createdAt }]
  })
}

const isCertified = (state: TenantState | null, user: UserId): boolean =>
  state !== null && newestKeyOf(state, user) !== null

/** The newest key of a person that has not been ended, whether or not its certification still runs. */
const keptKey = (state: TenantState | null, user: UserId): StaffKey | null =>
  state === null ? null : (keysOf(state, user).findLast((key) => key.ended === null) ?? null)

/** True where one custodian has signed for this key and another is needed. */
const isProposed = (state: TenantState | null, { signing }: Asked): boolean =>
  [...(state?.waiting.values() ?? [])].some(
    ({ verified: { statement } }) => statement.type === 'key.certified' && statement.body.signing === signing,
  )

/** Those certified on one day do not all end on one day again: up to thirty days less, by the person's id. */
const staggered = (user: UserId): number =>
  certifiedDays - (Number.parseInt(user.slice(0, 6), 16) % (renewedFromDays + 1))
