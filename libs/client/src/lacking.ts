// Which keys of one's own authority have not reached everybody who is entitled to them: a colleague who joined, or who has made a
// new key, waits for the client of one who has them (protocol.md § 5).
import type { AuthorityId, Fingerprint, Instant, KeyId, OwnReader, UserId } from '#libs/domain'
import { compartmentNamed, holdersOf } from '#libs/domain'
import { ledgerPlace, said } from './case-book.ts'
import type { Context, Worked } from './context.ts'

export type Lacking = {
  readonly key: KeyId
  readonly kind: 'epoch' | 'reception'
  /** Entitled, and given it by the key that is theirs now. */
  readonly holding: readonly OwnReader[]
  /** Entitled, and not given it. */
  readonly missing: readonly OwnReader[]
}

/** The keys that somebody entitled lacks. */
export function lackingIn(context: Context, worked: Worked, own: AuthorityId, at: Instant): readonly Lacking[] {
  const { history } = worked.book
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
  const split = (key: KeyId, kind: Lacking['kind'], readers: readonly OwnReader[]): readonly Lacking[] => {
    const has = (reader: OwnReader): boolean => given.get(key)?.has(reader.key) === true
    const missing = readers.filter((reader) => !has(reader))
    return missing.length === 0 ? [] : [{ key, kind, holding: readers.filter(has), missing }]
  }
  return [
    ...said(ledger, 'epoch.started').flatMap(({ statement: { body } }) => {
      const compartment = compartmentNamed(history, body.compartment)
      if (compartment === null) return []
      const sort = { authority: own, category: compartment.category, units: null }
      return split(body.epoch, 'epoch', holdersOf(history, tenants, sort, at))
    }),
    ...said(ledger, 'reception.started').flatMap(({ statement: { body } }) => {
      const sort = { authority: own, category: body.category, units: body.units }
      return split(body.reception, 'reception', holdersOf(history, tenants, sort, at))
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
