// Which keys of one's own authority have not reached everybody who is entitled to them: a colleague who joined, or who has made a
// new key, waits for the client of one who has them (protocol.md § 5).
import type {
  AuthorityId,
  CaseHistory,
  CaseId,
  Category,
  Fingerprint,
  Instant,
  KeyId,
  OwnReader,
  UserId,
} from '#libs/domain'
import { categories, compartmentNamed, holdersOf } from '#libs/domain'
import { ledgerPlace, said } from './case-book.ts'
import type { Context, Worked } from './context.ts'

export type Lacking = {
  readonly key: KeyId
  readonly kind: 'epoch' | 'reception'
  readonly category: Category
  /** Entitled, and given it by the key that is theirs now. */
  readonly holding: readonly OwnReader[]
  /** Entitled, and not given it. */
  readonly missing: readonly OwnReader[]
}

/** The keys that somebody entitled lacks. */
export const lackingIn = (context: Context, worked: Worked, own: AuthorityId, at: Instant): readonly Lacking[] =>
  heldIn(context, worked, own, worked.book.history, at).filter((one) => one.missing.length > 0)

/** Every key of one's own authority in the case, with who is entitled to it by this history and has it, or lacks it. */
function heldIn(
  context: Context,
  worked: Worked,
  own: AuthorityId,
  history: CaseHistory,
  at: Instant,
): readonly Lacking[] {
  const tenants = context.tenants.states
  const ledger = worked.book.place(ledgerPlace(worked.book.id, own))
  const given = new Map<KeyId, Set<Fingerprint>>()
  const note = (key: KeyId, readers: readonly { readonly key: Fingerprint }[]): void => {
    const known = given.get(key) ?? new Set()
    given.set(key, known)
    for (const reader of readers) known.add(reader.key)
  }
  for (const { statement } of said(ledger, 'epoch.started')) note(statement.body.epoch, statement.body.readers)
  for (const { statement } of said(ledger, 'reception.started')) note(statement.body.reception, statement.body.readers)
  for (const { statement } of said(ledger, 'wraps.added')) note(statement.body.key, statement.body.readers)
  const split = (key: KeyId, kind: Lacking['kind'], category: Category, readers: readonly OwnReader[]): Lacking => {
    const has = (reader: OwnReader): boolean => given.get(key)?.has(reader.key) === true
    return { key, kind, category, holding: readers.filter(has), missing: readers.filter((reader) => !has(reader)) }
  }
  return [
    ...said(ledger, 'epoch.started').flatMap(({ statement: { body } }) => {
      const compartment = compartmentNamed(history, body.compartment)
      if (compartment === null) return []
      const sort = { authority: own, category: compartment.category, units: null }
      return [split(body.epoch, 'epoch', compartment.category, holdersOf(history, tenants, sort, at))]
    }),
    ...said(ledger, 'reception.started').map(({ statement: { body } }) => {
      const sort = { authority: own, category: body.category, units: body.units }
      return split(body.reception, 'reception', body.category, holdersOf(history, tenants, sort, at))
    }),
  ]
}

/** What this person waits for: the colleagues whose client can give it to her. Null where she lacks nothing. */
export function waitsFor(lacking: readonly Lacking[], user: UserId): readonly UserId[] | null {
  const hers = lacking.filter((one) => one.missing.some((reader) => reader.user === user))
  if (hers.length === 0) return null
  return [...new Set(hers.flatMap((one) => one.holding.map((reader) => reader.user)))]
}

/** True where her own client can give a colleague what that one waits for. */
export const canGive = (lacking: readonly Lacking[], user: UserId): boolean =>
  lacking.some((one) => one.holding.some((reader) => reader.user === user))

/**
 * The categories in which nobody of one's own authority could open what is written already, once this assignment has ended: only
 * recovery could. Tried on a draft that is thrown away.
 */
export async function previewEnding(
  context: Context,
  caseId: CaseId,
  user: UserId,
): Promise<{ readonly unreadable: readonly Category[] }> {
  const worked = await context.work(caseId)
  const draft = await context.draft(worked, 'narrowing')
  const own = draft.setting.holder.authority
  const before = heldIn(context, worked, own, draft.history, draft.at)
  await draft.say('assignment.ended', { user, closes: [] })
  const held = new Set(
    heldIn(context, worked, own, draft.history, draft.at)
      .filter((one) => one.holding.length > 0)
      .map((one) => one.key),
  )
  const lost = new Set(before.filter((one) => one.holding.length > 0 && !held.has(one.key)).map((one) => one.category))
  return { unreadable: categories.filter((category) => lost.has(category)) }
}
