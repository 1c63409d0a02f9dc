// Starting the keys of a case: compartments, epochs, flow keys, reception keys, and wraps for colleagues who joined (protocol.md § 5).
import type {
  AuthorityId,
  Category,
  Closes,
  CompartmentId,
  Fingerprint,
  Hash,
  Instant,
  KeyId,
  Purpose,
  Recipient,
  SubjectId,
  UnitId,
  UserId,
} from '#libs/domain'
import { addDays, earliest, entitled, id } from '#libs/domain'
import type { CaseKey, PublicKey } from '#libs/protocol'
import { caseKey, commitOf, createReception, readPublicKey, sealFlowKeyUnderEpoch, wrapSecret } from '#libs/protocol'
import { said, strandPlace } from './case-book.ts'
import type { Context, Worked } from './context.ts'
import type { Draft } from './draft.ts'
import { SlussProblem } from './problem.ts'
import { randomId } from './randomness.ts'

/** The longest lives of keys (protocol.md § 5). */
const epochDays = 31
const flowDays = 31
const receptionDays = 62

export type Sort = { readonly subject: SubjectId; readonly category: Category; readonly purpose: Purpose }
/** A person who is to have a key, and until when she is known to be a reader. */
export type Holding = {
  readonly user: UserId
  readonly key: Fingerprint
  readonly write: boolean
  readonly until: Instant
}

/** The compartment of one's own authority for this sort of content; opened in the draft where there is none. The first wins. */
export async function compartmentFor(
  context: Context,
  draft: Draft,
  worked: Worked,
  sort: Sort,
): Promise<CompartmentId> {
  const own = worked.book.place(`ledger/${worked.book.id}/${draft.setting.holder.authority}`)
  const found = said(own, 'compartment.opened').find(
    ({ statement: { body } }) =>
      body.subject === sort.subject && body.category === sort.category && body.purpose === sort.purpose,
  )
  if (found !== undefined) return found.statement.body.compartment
  const compartment = id<CompartmentId>(randomId(context.random))
  await draft.say('compartment.opened', { compartment, ...sort })
  return compartment
}

/** The certified public key of a colleague: the one whose encryption fingerprint the domain names. */
async function publicKeyOf(
  context: Context,
  authority: AuthorityId,
  holding: { readonly user: UserId; readonly key: Fingerprint },
): Promise<PublicKey> {
  const tenant = await context.loadTenantOf(authority)
  const certified = tenant === null ? null : context.tenants.certified(tenant, holding.user)
  const key = certified === null ? null : await context.tenants.key(certified.signing)
  if (key === null || key.encryption !== holding.key) throw new SlussProblem('chain-refused', 0, 'key-unknown')
  return key
}

async function wrapFor(
  context: Context,
  draft: Draft,
  key: CaseKey,
  holding: Holding,
): Promise<{
  readonly user: UserId
  readonly key: Fingerprint
  readonly wrap: ReturnType<Draft['carry']>
  readonly write: boolean
}> {
  const to = await publicKeyOf(context, draft.setting.holder.authority, holding)
  const wrap = await wrapSecret({ secret: key.secret, key: key.id, to, random: context.random })
  return { user: holding.user, key: holding.key, wrap: draft.carry(key.id, to.encryption, wrap), write: holding.write }
}

const newKey = async (context: Context): Promise<CaseKey> =>
  caseKey(id<KeyId>(randomId(context.random)), context.random(32))

/** The final list of a key that is replaced, as this client has read it to its end. */
async function closesOf(
  worked: Worked,
  key: { readonly id: KeyId; readonly commit: Hash } | null,
): Promise<readonly Closes[]> {
  if (key === null) return []
  await worked.threads.loadAll()
  const streams = await worked.threads.streamsOf(key)
  return [
    { key: key.id, streams: streams.map(({ thread, head }) => ({ context: thread, count: head.n, hash: head.h })) },
  ]
}

/** A new content key for everybody who is an own reader now; the one before it is closed for ever. */
export async function startEpoch(
  context: Context,
  draft: Draft,
  worked: Worked,
  compartment: CompartmentId,
): Promise<CaseKey> {
  const { own } = entitled(draft.history, draft.setting.tenants, compartment, draft.at)
  if (!own.some((reader) => reader.user === draft.setting.holder.user)) throw new SlussProblem('no-writing-role', 0)
  const before = said(worked.book.statements(), 'epoch.started').findLast(
    (one) => one.statement.body.compartment === compartment,
  )
  const prev = before?.statement.body.epoch ?? null
  const key = await newKey(context)
  const readers = []
  for (const reader of own) readers.push(await wrapFor(context, draft, key, reader))
  await draft.say('epoch.started', {
    compartment,
    epoch: key.id,
    prev,
    readers,
    withheld: [],
    until: earliest(addDays(draft.at, epochDays), ...own.map((reader) => reader.until)),
    closes: await closesOf(
      worked,
      before === undefined ? null : { id: before.statement.body.epoch, commit: before.statement.body.commit },
    ),
    commit: await commitOf(key.secret, compartment, key.id),
  })
  worked.vault.keep(key)
  return key
}

/** A new flow key to one recipient: wrapped to its newest reception key, sealed once under the current content key. */
export async function startFlow(
  context: Context,
  draft: Draft,
  worked: Worked,
  input: {
    readonly compartment: CompartmentId
    readonly sort: Sort
    readonly epoch: CaseKey
    readonly recipient: Recipient
    readonly writers: readonly UserId[]
  },
): Promise<CaseKey> {
  const { compartment, sort, epoch, recipient } = input
  const reception = await readPublicKey(recipient.publicKey)
  if (!reception.ok) throw new SlussProblem('chain-refused', 0, reception.error)
  const key = await newKey(context)
  const wrap = draft.carry(
    key.id,
    recipient.reception,
    await wrapSecret({ secret: key.secret, key: key.id, to: reception.value, random: context.random }),
  )
  const sealed = draft.carry(key.id, 'epoch', await sealFlowKeyUnderEpoch(key, epoch, context.random))
  const before = flowBefore(worked, draft, compartment, recipient)
  await draft.tell(recipient.authority, 'flow.keyed', {
    flow: key.id,
    compartment,
    epoch: epoch.id,
    ...sort,
    units: recipient.units,
    reception: recipient.reception,
    grants: recipient.grants,
    ...(recipient.disclosure === null ? {} : { disclosure: recipient.disclosure }),
    writers: input.writers,
    until: earliest(addDays(draft.at, flowDays), recipient.until),
    closes: await closesOf(worked, before),
    commit: await commitOf(key.secret, compartment, key.id),
    wrap,
    sealed,
  })
  worked.vault.keep(key)
  return key
}

const sameUnits = (a: readonly UnitId[] | null, b: readonly UnitId[] | null): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

function flowBefore(
  worked: Worked,
  draft: Draft,
  compartment: CompartmentId,
  to: Pick<Recipient, 'authority' | 'units' | 'disclosure'>,
): { readonly id: KeyId; readonly commit: Hash } | null {
  const strand = worked.book.place(strandPlace(worked.book.id, draft.setting.holder.authority, to.authority))
  const before = said(strand, 'flow.keyed').findLast(
    ({ statement: { body } }) =>
      body.compartment === compartment &&
      sameUnits(body.units, to.units) &&
      (body.disclosure ?? null) === to.disclosure,
  )
  return before === undefined ? null : { id: before.statement.body.flow, commit: before.statement.body.commit }
}

/** A reception key for what others give one's authority in this category, and its public half to every giver. */
export async function startReception(
  context: Context,
  draft: Draft,
  worked: Worked,
  input: {
    readonly subject: SubjectId
    readonly category: Category
    readonly units: readonly UnitId[] | null
    readonly holders: readonly Holding[]
    readonly givers: readonly AuthorityId[]
  },
): Promise<void> {
  const { subject, category, units } = input
  const made = await createReception({ random: context.random, at: draft.at })
  const key = await caseKey(id<KeyId>(randomId(context.random)), made.secret)
  const readers = []
  for (const holder of input.holders) {
    const { user, key: encryption, wrap } = await wrapFor(context, draft, key, holder)
    readers.push({ user, key: encryption, wrap })
  }
  const until = earliest(addDays(draft.at, receptionDays), ...input.holders.map((holder) => holder.until))
  const commit = await commitOf(made.secret, subject, key.id)
  await draft.say('reception.started', {
    reception: key.id,
    subject,
    category,
    units,
    publicKey: made.publicKey,
    readers,
    until,
    commit,
  })
  for (const giver of input.givers)
    await draft.tell(giver, 'reception.key', {
      reception: key.id,
      subject,
      category,
      units,
      publicKey: made.publicKey,
      until,
    })
  worked.vault.keep(key)
}

/** Wraps of keys that colleagues should have and have not been given. */
export async function addWraps(
  context: Context,
  draft: Draft,
  key: CaseKey,
  missing: readonly Holding[],
): Promise<void> {
  const readers = []
  for (const holder of missing) readers.push(await wrapFor(context, draft, key, holder))
  await draft.say('wraps.added', { key: key.id, readers })
}
