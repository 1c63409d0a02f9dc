// What people do in the symbolic world, in the domain's words: each deed is one or a few statements, made as an honest client would.
import type { CaseHistory } from '../cases/case-history.ts'
import { ledgerOf, saying, strandOf } from '../cases/case-history.ts'
import { holdersOf } from '../cases/assigned.ts'
import type { Category, Purpose } from '../consents/categories.ts'
import { categories as allCategories } from '../consents/categories.ts'
import type { AuthorityId, CompartmentId, Hash, KeyId, MessageId, RegistrationId, SubjectId, UnitId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addDays, addMinutes, earliest } from '../instant.ts'
import { compartmentNamed, entitled, entitledToItems } from '../keys/entitled.ts'
import { receptionStanding } from '../keys/staleness.ts'
import type { FlowTerms, LedgerBodies, StrandBodies, WithdrawalScope } from '../statement.ts'
import type { Staff, World } from './world.ts'
import { individual, symbolicHash } from './world.ts'

export const year = (at: Instant): Instant => addDays(at, 364)

/** The terms of one way, with what is usual left unsaid. */
export const terms = (
  world: World,
  source: AuthorityId,
  recipient: AuthorityId,
  change: Partial<FlowTerms> = {},
): FlowTerms => ({
  subject: individual,
  source,
  recipient,
  units: null,
  categories: ['threat'],
  purposes: ['casework'],
  validFrom: world.at,
  validUntil: year(world.at),
  includesEarlier: 'all',
  ...change,
})

/** The usual form: both ways, the same categories. */
export const mutual = (
  world: World,
  a: AuthorityId,
  b: AuthorityId,
  change: Partial<FlowTerms> = {},
): readonly FlowTerms[] => [terms(world, a, b, change), terms(world, b, a, change)]

export type RegistrationBody = LedgerBodies['consent.registered']

export const registration = (
  world: World,
  flows: readonly FlowTerms[],
  change: Partial<RegistrationBody> = {},
): RegistrationBody => ({
  registration: world.fresh<RegistrationId>('registration'),
  subject: flows[0]?.subject ?? individual,
  givers: ['individual'],
  given: { how: 'in-person-written' },
  givenAt: world.at,
  validUntil: year(world.at),
  flows,
  text: symbolicHash('text'),
  evidence: null,
  shown: 'here',
  renews: null,
  ...change,
})

export const grant = (
  world: World,
  restsOn: readonly RegistrationId[],
  change: Partial<StrandBodies['grant.opened']> = {},
): StrandBodies['grant.opened'] => ({
  subject: individual,
  categories: ['threat'],
  purposes: ['casework'],
  units: null,
  from: world.at,
  until: year(world.at),
  includesEarlier: 'none',
  restsOn,
  ...change,
})

export type Sort = {
  readonly subject: SubjectId
  readonly category: Category
  readonly units: readonly UnitId[] | null
}
export const sort = (category: Category = 'threat', units: readonly UnitId[] | null = null): Sort => ({
  subject: individual,
  category,
  units,
})

export const newest = <T extends 'speakers' | 'flow.keyed'>(
  history: CaseHistory,
  from: AuthorityId,
  to: AuthorityId,
  type: T,
) => saying(strandOf(history, from, to), type).at(-1)

/** One person in one world. */
export class Deeds {
  readonly world: World
  readonly who: Staff

  constructor(world: World, who: Staff) {
    this.world = world
    this.who = who
  }

  opensLedger(as: 'owner' | 'party', unit = this.who.units[0]): Hash {
    if (unit === undefined) throw new Error('of no unit')
    return this.world.onLedger(this.who, { type: 'ledger.opened', body: { unit, as } })
  }

  /** Opens the case as its owner and is assigned thereby. */
  opensCase(): this {
    this.opensLedger('owner')
    this.world.onLedger(this.who, { type: 'case.opened', body: { number: '1480-2025-12345', individual } })
    this.assigns(this.who, { reason: 'opened' })
    return this
  }

  /** Comes into the case for an authority that is named in it. */
  joins(): this {
    this.opensLedger('party')
    this.assigns(this.who, { reason: 'opened' })
    return this
  }

  assigns(other: Staff, change: Partial<LedgerBodies['assignment.added']> = {}): Hash {
    const body = { user: other.user, categories: allCategories, until: year(this.world.at), ...change }
    return this.world.onLedger(this.who, { type: 'assignment.added', body })
  }

  ends(other: Staff): Hash {
    return this.world.onLedger(this.who, { type: 'assignment.ended', body: { user: other.user, closes: [] } })
  }

  bars(other: Staff): Hash {
    return this.world.onLedger(this.who, { type: 'assignment.barred', body: { user: other.user, closes: [] } })
  }

  namesSpeakers(to: AuthorityId, ...speakers: readonly Staff[]): Hash {
    const users = speakers.map((one) => one.user)
    return this.world.onStrand(this.who, to, { type: 'speakers', body: { users, closes: [] } })
  }

  registers(flows: readonly FlowTerms[], change: Partial<RegistrationBody> = {}): RegistrationBody {
    const body = registration(this.world, flows, change)
    this.world.onLedger(this.who, { type: 'consent.registered', body })
    return body
  }

  /** Lets another source see what it is asked to confirm. */
  shares(registered: RegistrationBody, to: AuthorityId): Hash {
    const { registration: named, subject, given, validUntil, flows, text, evidence, shown } = registered
    const body = {
      registration: named,
      subject,
      given,
      validUntil,
      flows: flows.filter((one) => one.source === to),
      text,
      evidence,
      shown,
    }
    return this.world.onStrand(this.who, to, { type: 'consent.shared', body })
  }

  grants(
    to: AuthorityId,
    restsOn: readonly RegistrationBody[],
    change: Partial<StrandBodies['grant.opened']> = {},
  ): Hash {
    const body = grant(
      this.world,
      restsOn.map((one) => one.registration),
      change,
    )
    return this.world.onStrand(this.who, to, { type: 'grant.opened', body })
  }

  narrows(
    to: AuthorityId,
    opened: Hash,
    what: { categories?: readonly Category[]; purposes?: readonly Purpose[] },
  ): Hash {
    return this.world.onStrand(this.who, to, { type: 'grant.narrowed', body: { grant: opened, ...what } })
  }

  closes(to: AuthorityId, opened: Hash): Hash {
    return this.world.onStrand(this.who, to, { type: 'grant.closed', body: { grant: opened } })
  }

  /** Hears a withdrawal; on her own ledger, or on the strand to the authority that registered. */
  withdraws(
    registrations: readonly RegistrationBody[] | 'all',
    where: AuthorityId | 'ledger' = 'ledger',
    scope?: WithdrawalScope,
  ): Hash {
    const body = {
      registrations: registrations === 'all' ? registrations : registrations.map((one) => one.registration),
      subject: individual,
      ...(scope === undefined ? {} : { scope }),
    }
    const said = { type: 'withdrawal.received' as const, body }
    return where === 'ledger' ? this.world.onLedger(this.who, said) : this.world.onStrand(this.who, where, said)
  }

  leaves(to: AuthorityId): Hash {
    return this.world.onStrand(this.who, to, { type: 'party.left', body: {} })
  }

  disclosureBody(change: Partial<StrandBodies['disclosure.made']> = {}): StrandBodies['disclosure.made'] {
    return {
      subject: individual,
      category: 'threat',
      purpose: 'casework',
      units: null,
      items: [this.world.fresh<MessageId>('message')],
      ground: { law: 'osl-10-20-24' },
      reason: symbolicHash('reason'),
      until: addDays(this.world.at, 30),
      ...change,
    }
  }

  /** Discloses named messages on a ground in law. */
  discloses(to: AuthorityId, change: Partial<StrandBodies['disclosure.made']> = {}): Hash {
    return this.world.onStrand(this.who, to, { type: 'disclosure.made', body: this.disclosureBody(change) })
  }

  /** Breaks the glass: a whole category for some hours. */
  breaksGlass(to: AuthorityId, hours = 24, change: Partial<StrandBodies['disclosure.made']> = {}): Hash {
    const until = addMinutes(this.world.at, hours * 60)
    return this.discloses(to, { items: 'all', ground: { law: 'brb-24-4' }, until, ...change })
  }

  closesDisclosure(to: AuthorityId, disclosure: Hash): Hash {
    return this.world.onStrand(this.who, to, { type: 'disclosure.closed', body: { disclosure } })
  }

  opensCompartment(category: Category = 'threat', purpose: Purpose = 'casework', subject = individual): CompartmentId {
    const compartment = this.world.fresh<CompartmentId>('compartment')
    this.world.onLedger(this.who, { type: 'compartment.opened', body: { compartment, subject, category, purpose } })
    return compartment
  }

  epochBody(
    compartment: CompartmentId,
    change: Partial<LedgerBodies['epoch.started']> = {},
  ): LedgerBodies['epoch.started'] {
    const { history, tenants, at } = this.world
    const { own } = entitled(history, tenants, compartment, at)
    const before = saying(ledgerOf(history, this.who.authority), 'epoch.started').findLast(
      (one) => one.statement.body.compartment === compartment,
    )
    const epoch = this.world.fresh<KeyId>('epoch')
    return {
      compartment,
      epoch,
      prev: before?.statement.body.epoch ?? null,
      readers: own.map(({ user, key, write }) => ({ user, key, write, wrap: symbolicHash(`${epoch} ${user}`) })),
      withheld: [],
      until: earliest(addDays(at, 31), ...own.map((one) => one.until)),
      closes: [],
      commit: symbolicHash(`commit ${epoch}`),
      ...change,
    }
  }

  startsEpoch(compartment: CompartmentId, change: Partial<LedgerBodies['epoch.started']> = {}): KeyId {
    const body = this.epochBody(compartment, change)
    this.world.onLedger(this.who, { type: 'epoch.started', body })
    return body.epoch
  }

  receptionBody(
    of: Sort = sort(),
    change: Partial<LedgerBodies['reception.started']> = {},
  ): LedgerBodies['reception.started'] {
    const { history, tenants, at } = this.world
    const may = holdersOf(
      history,
      tenants,
      { authority: this.who.authority, category: of.category, units: of.units },
      at,
    )
    const reception = this.world.fresh<KeyId>('reception')
    return {
      reception,
      ...of,
      publicKey: `public ${reception}`,
      readers: may.map(({ user, key }) => ({ user, key, wrap: symbolicHash(`${reception} ${user}`) })),
      until: earliest(addDays(at, 62), ...may.map((one) => one.until)),
      commit: symbolicHash(`commit ${reception}`),
      ...change,
    }
  }

  startsReception(
    of: Sort = sort(),
    change: Partial<LedgerBodies['reception.started']> = {},
  ): LedgerBodies['reception.started'] {
    const body = this.receptionBody(of, change)
    this.world.onLedger(this.who, { type: 'reception.started', body })
    return body
  }

  publishes(
    to: AuthorityId,
    started: LedgerBodies['reception.started'],
    change: Partial<StrandBodies['reception.key']> = {},
  ): Hash {
    const { reception, subject, category, units, publicKey, until } = started
    const body = { reception, subject, category, units, publicKey, until, ...change }
    return this.world.onStrand(this.who, to, { type: 'reception.key', body })
  }

  /** Makes a reception key and publishes it to a giver. */
  receives(to: AuthorityId, of: Sort = sort()): LedgerBodies['reception.started'] {
    const started = this.startsReception(of)
    this.publishes(to, started)
    return started
  }

  endsReception(to: AuthorityId, reception: KeyId): Hash {
    return this.world.onStrand(this.who, to, { type: 'reception.ended', body: { reception } })
  }

  addsWraps(
    key: KeyId,
    ...others: readonly {
      user: Staff['user']
      key: LedgerBodies['wraps.added']['readers'][number]['key']
      write: boolean
    }[]
  ): Hash {
    const readers = others.map(({ user, key: held, write }) => ({
      user,
      key: held,
      write,
      wrap: symbolicHash<Hash>(`${key} ${user}`),
    }))
    return this.world.onLedger(this.who, { type: 'wraps.added', body: { key, readers } })
  }

  flowBody(
    compartment: CompartmentId,
    to: AuthorityId,
    { disclosure, ...change }: Partial<StrandBodies['flow.keyed']> = {},
  ): StrandBodies['flow.keyed'] {
    const { history, tenants, at } = this.world
    const known = compartmentNamed(history, compartment)
    const recipient = [
      ...entitled(history, tenants, compartment, at).recipients,
      ...entitledToItems(history, tenants, compartment, at),
    ].find((one) => one.authority === to && one.disclosure === (disclosure ?? null))
    const epoch = saying(ledgerOf(history, this.who.authority), 'epoch.started').findLast(
      (one) => one.statement.body.compartment === compartment,
    )
    if (known === null || recipient === undefined || epoch === undefined) throw new Error('nobody to key the flow for')
    const flow = this.world.fresh<KeyId>('flow')
    const { subject, category, purpose } = known
    return {
      flow,
      compartment,
      epoch: epoch.statement.body.epoch,
      subject,
      category,
      purpose,
      units: recipient.units,
      reception: recipient.reception,
      grants: recipient.grants,
      ...(disclosure === undefined ? {} : { disclosure }),
      writers: newest(history, this.who.authority, to, 'speakers')?.statement.body.users ?? [],
      until: earliest(addDays(at, 31), recipient.until),
      closes: [],
      commit: symbolicHash(`commit ${flow}`),
      wrap: symbolicHash(`wrap ${flow}`),
      sealed: symbolicHash(`sealed ${flow}`),
      ...change,
    }
  }

  keysFlow(compartment: CompartmentId, to: AuthorityId, change: Partial<StrandBodies['flow.keyed']> = {}): KeyId {
    const body = this.flowBody(compartment, to, change)
    this.world.onStrand(this.who, to, { type: 'flow.keyed', body })
    return body.flow
  }

  addsSeals(to: AuthorityId, flow: KeyId, count = 1): Hash {
    return this.world.onStrand(this.who, to, { type: 'seals.added', body: { flow, count, list: symbolicHash('list') } })
  }

  voids(of: Hash): Hash {
    return this.world.onLedger(this.who, { type: 'voided', body: { of } })
  }

  upholds(...keeps: readonly Hash[]): Hash {
    return this.world.onLedger(this.who, { type: 'upheld', body: { keeps, closes: [] } })
  }

  upholdsOnStrand(to: AuthorityId, ...keeps: readonly Hash[]): Hash {
    return this.world.onStrand(this.who, to, { type: 'upheld', body: { keeps, closes: [] } })
  }

  /** True while the newest reception key of this sort that her authority's ledger tells still stands. */
  receptionStands(of: Sort = sort()): boolean {
    const { history, tenants, at } = this.world
    const last = saying(ledgerOf(history, this.who.authority), 'reception.started').findLast(
      ({ statement: { body } }) => body.category === of.category,
    )
    return (
      last !== undefined && receptionStanding(history, tenants, last.statement.body.reception, at).state === 'current'
    )
  }
}
