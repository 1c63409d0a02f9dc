// Compartments, epochs, reception keys, flow keys, late seals: who may start them and for whom (protocol.md § 5). Judged by what the
// signer's place in the chain shows; what other chains change in the same minute makes a key stale, not a statement false.
import { holdersOf } from '../cases/assigned.ts'
import type { Told } from '../cases/case-history.ts'
import { ledgerOf, saying, strandOf } from '../cases/case-history.ts'
import type { Saying } from '../cases/saying.ts'
import { sameUnits } from '../consents/effective-scope.ts'
import type { Grant } from '../consents/effective-scope.ts'
import type { Disclosure } from '../disclosures/disclosures.ts'
import type { AuthorityId, Hash, MessageId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addDays } from '../instant.ts'
import type { StatementRefusal } from '../refusals.ts'
import type { LedgerBodies, StrandBodies } from '../statement.ts'
import { mayWrite } from '../tenants/writing.ts'
import { compartmentNamed, compartmentsOf, newestReception } from './entitled.ts'
import { epochStarted, flowKeyed, isKnownCommit, isKnownKey } from './staleness.ts'

export const epochDays = 31
export const receptionDays = 62
export const flowDays = 31

export function sayKeys(said: Saying): StatementRefusal | null {
  const { statement } = said.told
  switch (statement.type) {
    case 'compartment.opened':
      return mayOpenCompartment(said, statement.body)
    case 'epoch.started':
      return mayStartEpoch(said, statement.body)
    case 'reception.started':
      return mayStartReception(said, statement.body)
    case 'wraps.added':
      return mayAddWraps(said, statement.body)
    case 'reception.key':
      return mayPublishReception(said, statement.body)
    case 'flow.keyed':
      return mayKeyFlow(said, statement.body)
    case 'seals.added':
      return mayAddSeals(said, statement.body)
    default:
      return 'wrong-place'
  }
}

/**
 * A final list is the source's to give: of an epoch on the ledger that started it, of a flow key on the strand that keyed it. Else a
 * recipient could make unreadable what was never hers (protocol.md § 5 `closes`). And it is given with the key that follows, by one
 * who reads: whoever only ends an assignment has no list to sign, and would close what her colleagues have written.
 */
export function closesRefusal({ told, history }: Saying): StatementRefusal | null {
  const { body, place, type } = told.statement
  if (!('closes' in body) || body.closes.length === 0) return null
  if (type !== 'epoch.started' && type !== 'flow.keyed') return 'closes-without-key'
  const chain = history.chains.get(place) ?? []
  const own = new Set([
    ...saying(chain, 'epoch.started').map((one) => one.statement.body.epoch),
    ...saying(chain, 'flow.keyed').map((one) => one.statement.body.flow),
  ])
  return body.closes.every(({ key }) => own.has(key)) ? null : 'closes-foreign-key'
}

function mayOpenCompartment(said: Saying, body: LedgerBodies['compartment.opened']): StatementRefusal | null {
  const { told, history, assigned } = said
  if (assigned === null) return 'not-assigned'
  if (!assigned.categories.includes(body.category)) return 'not-reader'
  const known = compartmentsOf(history)
  const taken = known.some(
    (one) =>
      one.compartment === body.compartment ||
      (one.source === told.from &&
        one.subject === body.subject &&
        one.category === body.category &&
        one.purpose === body.purpose),
  )
  return taken ? 'compartment-known-already' : null
}

type Given = { readonly user: UserId; readonly key: string; readonly write?: boolean }

/** Exactly those who may have it, each by the key that is certified for her. */
function sameReaders(given: readonly Given[], may: readonly Given[]): boolean {
  const write = (reader: Given): string => (reader.write === undefined ? '' : String(reader.write))
  const name = (reader: Given, withWrite: boolean): string =>
    `${reader.user} ${reader.key} ${withWrite ? write(reader) : ''}`
  const strict = given.every((reader) => reader.write !== undefined)
  const names = new Set(given.map((reader) => name(reader, strict)))
  return (
    names.size === given.length && given.length === may.length && may.every((reader) => names.has(name(reader, strict)))
  )
}

const tooLate = (until: Instant, limit: Instant, readers: readonly { readonly until: Instant }[]): boolean =>
  until > limit || readers.some((reader) => until > reader.until)

function mayStartEpoch(said: Saying, body: LedgerBodies['epoch.started']): StatementRefusal | null {
  const { told, history, tenants } = said
  const { at } = told.statement
  const compartment = compartmentNamed(history, body.compartment)
  if (compartment === null || compartment.source !== told.from) return 'compartment-unknown'
  if (isKnownKey(history, body.epoch) || isKnownCommit(history, body.commit)) return 'key-reused'
  const before = saying(ledgerOf(history, told.from), 'epoch.started').findLast(
    (one) => one.statement.body.compartment === body.compartment,
  )
  if (body.prev !== (before?.statement.body.epoch ?? null)) return 'epoch-chain-broken'
  const own = holdersOf(history, tenants, { authority: told.from, category: compartment.category, units: null }, at)
  if (!own.some((reader) => reader.user === said.by)) return 'not-reader'
  const withheld = new Set(body.withheld.map((one) => one.user))
  if (
    !sameReaders(
      body.readers,
      own.filter((reader) => !withheld.has(reader.user)),
    )
  )
    return 'readers-differ'
  if (body.until <= at) return 'ends-before-it-begins'
  return tooLate(body.until, addDays(at, epochDays), own) ? 'until-too-late' : null
}

function mayStartReception(said: Saying, body: LedgerBodies['reception.started']): StatementRefusal | null {
  const { told, history, tenants } = said
  const { at } = told.statement
  if (isKnownKey(history, body.reception) || isKnownCommit(history, body.commit)) return 'key-reused'
  const sort = { authority: told.from, category: body.category, units: body.units }
  const may = holdersOf(history, tenants, sort, at)
  if (!may.some((reader) => reader.user === said.by)) return 'not-reader'
  if (!sameReaders(body.readers, may)) return 'readers-differ'
  if (body.until <= at) return 'ends-before-it-begins'
  return tooLate(body.until, addDays(at, receptionDays), may) ? 'until-too-late' : null
}

function mayAddWraps(said: Saying, body: LedgerBodies['wraps.added']): StatementRefusal | null {
  const { told, history, tenants } = said
  const { at } = told.statement
  if (body.readers.length === 0) return 'empty-list'
  const epoch = epochStarted(history, body.key)
  const compartment = epoch === null ? null : compartmentNamed(history, epoch.statement.body.compartment)
  const reception = saying(ledgerOf(history, told.from), 'reception.started').find(
    (one) => one.statement.body.reception === body.key,
  )?.statement.body
  const sort =
    compartment !== null && compartment.source === told.from
      ? { authority: told.from, category: compartment.category, units: null }
      : reception === undefined
        ? null
        : { authority: told.from, category: reception.category, units: reception.units }
  if (sort === null) return 'statement-unknown'
  const may = holdersOf(history, tenants, sort, at)
  if (!may.some((reader) => reader.user === said.by)) return 'not-reader'
  const entitled = body.readers.every((reader) =>
    may.some((one) => one.user === reader.user && one.key === reader.key && one.write === reader.write),
  )
  return entitled ? null : 'readers-differ'
}

/** On a strand whose sender's ledger is not shown, only those on its newest list of speakers are heard for what widens. */
function speaks({ told, history, by, ledgerKnown, assigned }: Saying): StatementRefusal | null {
  if (told.to === null) return 'wrong-place'
  const list = saying(strandOf(history, told.from, told.to), 'speakers').at(-1)?.statement.body.users
  if (list?.includes(by) !== true) return 'not-speaker'
  return ledgerKnown && assigned === null ? 'not-assigned' : null
}

function mayPublishReception(said: Saying, body: StrandBodies['reception.key']): StatementRefusal | null {
  const { told, history } = said
  const refusal = speaks(said)
  if (refusal !== null || told.to === null) return refusal
  if (body.until <= told.statement.at) return 'ends-before-it-begins'
  const isSame = (one: StrandBodies['reception.key'] | LedgerBodies['reception.started']): boolean =>
    one.reception === body.reception &&
    one.publicKey === body.publicKey &&
    one.subject === body.subject &&
    one.category === body.category &&
    sameUnits(one.units, body.units)
  // Published again only with an earlier end, and never the same key for another sort or under another id.
  for (const { statement } of saying(strandOf(history, told.from, told.to), 'reception.key')) {
    if (statement.body.reception !== body.reception && statement.body.publicKey !== body.publicKey) continue
    if (!isSame(statement.body) || body.until >= statement.body.until) return 'reception-differs'
    // Only the newest is said again: a key that another has replaced stays replaced (protocol.md § 5).
    const newest = newestReception(history, told.from, told.to, body)
    if (newest?.statement.body.reception !== body.reception) return 'reception-differs'
  }
  if (reusedElsewhere(said, told.from, body)) return 'key-reused'
  // Whoever is not shown the ledger that started the key holds it to the longest that one may last.
  if (!said.ledgerKnown) return body.until > addDays(told.statement.at, receptionDays) ? 'until-too-late' : null
  const started = saying(ledgerOf(history, told.from), 'reception.started').find(
    (one) => one.statement.body.reception === body.reception,
  )
  if (started === undefined) return 'reception-unknown'
  return isSame(started.statement.body) && body.until <= started.statement.body.until ? null : 'reception-differs'
}

/** A public key seen from another authority is refused: nobody can be made to receive by somebody else's key. */
function reusedElsewhere(said: Saying, from: AuthorityId, body: StrandBodies['reception.key']): boolean {
  return [...said.history.chains.values()].some((chain) =>
    saying(chain, 'reception.key').some(
      (one) =>
        one.from !== from &&
        (one.statement.body.publicKey === body.publicKey || one.statement.body.reception === body.reception),
    ),
  )
}

function mayKeyFlow(said: Saying, body: StrandBodies['flow.keyed']): StatementRefusal | null {
  const { told, history } = said
  const { at } = told.statement
  const refusal = speaks(said)
  if (refusal !== null || told.to === null) return refusal
  const strand = strandOf(history, told.from, told.to)
  if (isKnownKey(history, body.flow) || isKnownCommit(history, body.commit)) return 'key-reused'
  if (body.writers.length === 0) return 'empty-list'
  if (body.until <= at) return 'ends-before-it-begins'
  if (body.until > addDays(at, flowDays)) return 'until-too-late'
  const speakers = saying(strand, 'speakers').at(-1)?.statement.body.users ?? []
  if (!body.writers.every((user) => speakers.includes(user))) return 'writers-not-speakers'
  return restsRefusal(strand, body) ?? receptionRefusal(said, body) ?? sourceRefusal(said, body)
}

/** On grants of this flow, or on one disclosure of this sort and on nothing beside it: neither opens what the other does. */
function restsRefusal(strand: readonly Told[], body: StrandBodies['flow.keyed']): StatementRefusal | null {
  if (body.disclosure !== undefined) {
    const made = saying(strand, 'disclosure.made').find((one) => one.hash === body.disclosure)
    if (made === undefined || body.grants.length > 0 || !disclosesSort(made, body)) return 'disclosure-unknown'
    return body.until > made.statement.body.until ? 'until-too-late' : null
  }
  if (body.grants.length === 0) return 'empty-list'
  const grants = body.grants.map((hash) => saying(strand, 'grant.opened').find((one) => one.hash === hash))
  const ends = grants.flatMap((grant) =>
    grant !== undefined && grantsSort(grant, body) ? [grant.statement.body.until] : [],
  )
  if (ends.length < grants.length) return 'grant-unknown'
  // Grants that overlap, as a renewal does, carry the flow to the last of their ends; that one of them ends makes the key stale.
  return ends.some((end) => body.until <= end) ? null : 'until-too-late'
}

const grantsSort = ({ statement }: Grant, body: StrandBodies['flow.keyed']): boolean =>
  statement.body.subject === body.subject &&
  statement.body.categories.includes(body.category) &&
  statement.body.purposes.includes(body.purpose) &&
  sameUnits(statement.body.units, body.units)

const disclosesSort = ({ statement }: Disclosure, body: StrandBodies['flow.keyed']): boolean =>
  statement.body.subject === body.subject &&
  statement.body.category === body.category &&
  statement.body.purpose === body.purpose &&
  sameUnits(statement.body.units, body.units)

/** Judged by what was ever published: an ending or a shorter end told meanwhile makes the key stale, not the statement false. */
function receptionRefusal({ told, history }: Saying, body: StrandBodies['flow.keyed']): StatementRefusal | null {
  if (told.to === null) return 'wrong-place'
  const published = saying(strandOf(history, told.to, told.from), 'reception.key').find(
    (one) => one.statement.body.reception === body.reception,
  )?.statement.body
  if (published === undefined) return 'reception-unknown'
  const isSame =
    published.subject === body.subject && published.category === body.category && sameUnits(published.units, body.units)
  if (!isSame) return 'reception-differs'
  return body.until > published.until ? 'until-too-late' : null
}

/** What only the source and the server can see: the compartment, its epoch, and that the writers write. */
function sourceRefusal(said: Saying, body: StrandBodies['flow.keyed']): StatementRefusal | null {
  const { told, history } = said
  if (!said.ledgerKnown) return null
  const compartment = compartmentNamed(history, body.compartment)
  if (
    compartment === null ||
    compartment.source !== told.from ||
    compartment.subject !== body.subject ||
    compartment.category !== body.category ||
    compartment.purpose !== body.purpose
  )
    return 'compartment-unknown'
  if (epochStarted(history, body.epoch)?.statement.body.compartment !== body.compartment) return 'epoch-chain-broken'
  if (said.assigned === null || !mayWrite(said.key.roles, said.assigned.categories, body.category)) return 'not-reader'
  return null
}

function mayAddSeals(said: Saying, body: StrandBodies['seals.added']): StatementRefusal | null {
  const refusal = speaks(said)
  if (refusal !== null) return refusal
  const flow = flowKeyed(said.history, body.flow)
  if (flow === null || flow.statement.place !== said.told.statement.place) return 'flow-unknown'
  if (body.count < 1) return 'empty-list'
  const named = itemsOf(said, flow.statement.body.disclosure)
  if (named !== null && body.count > named.length) return 'outside-disclosure'
  return flow.statement.body.writers.includes(said.by) ? null : 'writers-not-speakers'
}

/** The messages that a disclosure names, and no others get seals by it; null where the flow key rests on nothing of the kind. */
function itemsOf({ told, history }: Saying, disclosure: Hash | undefined): readonly MessageId[] | null {
  const chain = history.chains.get(told.statement.place) ?? []
  const made = saying(chain, 'disclosure.made').find((one) => one.hash === disclosure)
  const items = made?.statement.body.items ?? 'all'
  return items === 'all' ? null : items
}
