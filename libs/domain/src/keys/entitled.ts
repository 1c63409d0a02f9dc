// Who may have what is about to be written: one pure function for the server's rows and for every client's seals (protocol.md § 4).
import type { OwnReader } from '../cases/assigned.ts'
import { holdersOf } from '../cases/assigned.ts'
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import type { Category, Purpose } from '../consents/categories.ts'
import type { Flow } from '../consents/effective-scope.ts'
import { flowsOfWay, grantSpans, sameUnits, standingGrants } from '../consents/effective-scope.ts'
import type { Disclosure } from '../disclosures/disclosures.ts'
import { disclosuresOf } from '../disclosures/disclosures.ts'
import type { AuthorityId, CompartmentId, Hash, KeyId, MessageId, SubjectId, UnitId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { earliest } from '../instant.ts'
import type { TenantStates } from './tenant-chain.ts'
import { covered } from './upholding.ts'

export type Compartment = {
  readonly compartment: CompartmentId
  readonly source: AuthorityId
  readonly subject: SubjectId
  readonly category: Category
  readonly purpose: Purpose
}

/** An authority in scope whose newest reception key is usable: `grants` or `disclosure`, and `reception`, are what a flow key names. */
export type Recipient = {
  readonly authority: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly grants: readonly Hash[]
  /** Null where it reads by grants: what a disclosure opens has a flow key of its own (protocol.md § 5). */
  readonly disclosure: Hash | null
  readonly reception: KeyId
  readonly publicKey: string
  readonly until: Instant
}

/** In scope, but nothing can be sealed to it now. */
export type Waiting = {
  readonly authority: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly disclosure: Hash | null
  readonly cause: 'no-key' | 'key-ended' | 'uncovered'
}

export type Entitled = {
  readonly own: readonly OwnReader[]
  readonly recipients: readonly Recipient[]
  readonly waiting: readonly Waiting[]
}

/** The compartments that ledgers in this history have opened; the first for a tuple wins. */
export function compartmentsOf(history: CaseHistory): readonly Compartment[] {
  return everySaying(history, 'compartment.opened').map(({ from, statement: { body } }) => ({
    compartment: body.compartment,
    source: from,
    subject: body.subject,
    category: body.category,
    purpose: body.purpose,
  }))
}

export const compartmentNamed = (history: CaseHistory, compartment: CompartmentId): Compartment | null =>
  compartmentsOf(history).find((one) => one.compartment === compartment) ?? null

/** The newest reception key, by `n`, that an authority has published to a giver for this sort; null where there is none. */
export function newestReception(
  history: CaseHistory,
  from: AuthorityId,
  to: AuthorityId,
  sort: { readonly subject: SubjectId; readonly category: Category; readonly units: readonly UnitId[] | null },
): ToldOf<'reception.key'> | null {
  const published = everySaying(history, 'reception.key').filter(
    (told) => told.from === from && told.to === to && told.statement.body.category === sort.category,
  )
  return (
    published.findLast(
      ({ statement: { body } }) => body.subject === sort.subject && sameUnits(body.units, sort.units),
    ) ?? null
  )
}

/** When a published reception key ended, as its strand says; null while it has not. */
export const receptionEndedAt = (
  history: CaseHistory,
  from: AuthorityId,
  to: AuthorityId,
  reception: KeyId,
): Instant | null => {
  const [first, ...others] = everySaying(history, 'reception.ended')
    .filter((told) => told.from === from && told.to === to && told.statement.body.reception === reception)
    .map((told) => told.statement.at)
  return first === undefined ? null : earliest(first, ...others)
}

/** The first moment known beforehand at which other grants than now open a flow: what is keyed for these ends there. */
function grantsChange(history: CaseHistory, flow: Flow, at: Instant): Instant {
  const moments = grantSpans(history, flow, flow.units).map(({ span }) => (span.from > at ? span.from : span.until))
  return earliest(flow.until, ...moments.filter((moment) => moment > at))
}

/** Whether anything new can be sealed to a flow at `at`; else why it waits. */
export function flowStanding(
  history: CaseHistory,
  tenants: TenantStates,
  flow: Flow,
  at: Instant,
): 'flows' | Waiting['cause'] {
  const judged = judge(history, tenants, flow, ofFlow(history, tenants, flow, at), at)
  return 'cause' in judged ? judged.cause : 'flows'
}

/** Own readers, recipients and those who wait, at `at`. A compartment that the history does not hold entitles nobody. */
export function entitled(
  history: CaseHistory,
  tenants: TenantStates,
  compartment: CompartmentId,
  at: Instant,
): Entitled {
  const known = compartmentNamed(history, compartment)
  if (known === null) return { own: [], recipients: [], waiting: [] }
  const { source, category } = known
  const own = holdersOf(history, tenants, { authority: source, category, units: null }, at)
  const open = [
    ...flowsOfWay(history, known, at).map((flow) => ofFlow(history, tenants, flow, at)),
    ...disclosuresOf(history, known, at)
      .filter(({ made }) => made.statement.body.items === 'all')
      .flatMap(({ made, until }) => ofDisclosure(history, tenants, made, until, at) ?? []),
  ]
  const judged = open.map((one) => judge(history, tenants, known, one, at))
  return {
    own,
    recipients: judged.filter((one) => 'reception' in one),
    waiting: judged.filter((one) => 'cause' in one),
  }
}

/** Somebody for whom the source has opened something: whether it can be sealed to hangs on the reception key. */
type Opened = Pick<Recipient, 'authority' | 'units' | 'grants' | 'disclosure' | 'until'> & {
  readonly isCovered: boolean
}

function ofFlow(history: CaseHistory, tenants: TenantStates, flow: Flow, at: Instant): Opened {
  const grants = standingGrants(history, tenants, flow, at)
  const isCovered = grants.length === flow.grants.length
  const { recipient: authority, units } = flow
  return { authority, units, grants, disclosure: null, until: grantsChange(history, flow, at), isCovered }
}

function ofDisclosure(
  history: CaseHistory,
  tenants: TenantStates,
  made: Disclosure,
  until: Instant,
  at: Instant,
): Opened | null {
  if (made.to === null) return null
  const isCovered = covered(history, tenants, made, at)
  const { units } = made.statement.body
  return { authority: made.to, units, grants: [], disclosure: made.hash, until, isCovered }
}

function judge(
  history: CaseHistory,
  tenants: TenantStates,
  { source, subject, category }: Pick<Compartment, 'source' | 'subject' | 'category'>,
  { isCovered, ...opened }: Opened,
  at: Instant,
): Recipient | Waiting {
  const { authority, units, disclosure } = opened
  const waits = (cause: Waiting['cause']): Waiting => ({ authority, units, disclosure, cause })
  // A key that is yet to come carries no decision.
  if (!isCovered) return waits('uncovered')
  const published = newestReception(history, authority, source, { subject, category, units })
  if (published === null) return waits('no-key')
  const { reception, publicKey, until } = published.statement.body
  const ended = receptionEndedAt(history, authority, source, reception)
  if (until <= at || (ended !== null && ended <= at)) return waits('key-ended')
  // Nothing falls back to an older key (protocol.md § 4 rule 1).
  if (!covered(history, tenants, published, at)) return waits('uncovered')
  return { ...opened, reception, publicKey, until: earliest(opened.until, until) }
}

/** A disclosure of named messages: late seals of these under a flow key of its own, and nothing else (protocol.md § 5). */
export type ItemsRecipient = Recipient & { readonly items: readonly MessageId[] }

/** Who may be given which messages of a compartment by disclosures of named ones, at `at`. */
export function entitledToItems(
  history: CaseHistory,
  tenants: TenantStates,
  compartment: CompartmentId,
  at: Instant,
): readonly ItemsRecipient[] {
  const known = compartmentNamed(history, compartment)
  if (known === null) return []
  return disclosuresOf(history, known, at).flatMap(({ made, until }): ItemsRecipient[] => {
    const { items } = made.statement.body
    const opened = items === 'all' ? null : ofDisclosure(history, tenants, made, until, at)
    if (opened === null || items === 'all') return []
    const judged = judge(history, tenants, known, opened, at)
    return 'reception' in judged ? [{ ...judged, items }] : []
  })
}
