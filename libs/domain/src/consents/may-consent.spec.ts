// Registering, sharing, opening, narrowing: each refusal by name (domain.md § 4 rules 1–3).
import type { Hash } from '../ids.ts'
import { extend } from '../cases/extend.ts'
import { addDays } from '../instant.ts'
import type { FlowTerms, StrandBodies } from '../statement.ts'
import type { RegistrationBody } from '../spec/deeds.ts'
import { grant, registration, terms, year } from '../spec/deeds.ts'
import { aCaseWithPolice, aMutualConsent } from '../spec/given.ts'
import { shownTo } from '../spec/scene.ts'
import { authorities, people, relative, symbolicHash, symbolicId, units } from '../spec/world.ts'

const { centrum, police, prison } = authorities
const { linnea, sara, mats, petra, pelle, tuva, rolf } = people

describe('consent.registered', () => {
  const { world, cast } = aCaseWithPolice()
  cast.mats.assigns(mats, { reason: 'alone' })
  const answer = (
    flows: readonly FlowTerms[] = [terms(world, centrum, police)],
    change: Partial<RegistrationBody> = {},
    by: typeof linnea | typeof mats | typeof sara = linnea,
  ) => world.answerOnLedger(by, { type: 'consent.registered', body: registration(world, flows, change) })
  const withTerms = (change: Partial<FlowTerms>) => answer([terms(world, centrum, police, change)])

  test('is by the assigned who write', () => {
    expect(answer()).toBe('accepted')
    expect(answer(undefined, {}, sara)).toBe('not-assigned')
    expect(answer(undefined, {}, mats)).toBe('role-missing')
  })
  test('means nothing by leaving out: an empty list is refused, never everything', () => {
    expect(answer([])).toBe('empty-list')
    expect(answer(undefined, { givers: [] })).toBe('empty-list')
    expect(withTerms({ categories: [] })).toBe('empty-list')
    expect(withTerms({ purposes: [] })).toBe('empty-list')
    expect(withTerms({ units: [] })).toBe('empty-list')
  })
  test('has an end, within twelve months, and nothing in it outlasts it', () => {
    expect(answer(undefined, { validUntil: world.at })).toBe('ends-before-it-begins')
    expect(answer(undefined, { validUntil: addDays(world.at, 367) })).toBe('too-long')
    expect(withTerms({ validUntil: world.at })).toBe('ends-before-it-begins')
    expect(answer(undefined, { validUntil: addDays(world.at, 30) })).toBe('too-long')
    const given = { how: 'verbally-with-witness' as const, lapsesAt: addDays(world.at, 365) }
    expect(answer(undefined, { given })).toBe('too-long')
  })
  test('is for what its authority takes part in, about its own subject', () => {
    expect(answer([terms(world, police, prison)])).toBe('not-a-party-to-flow')
    expect(answer([terms(world, centrum, centrum)])).toBe('not-a-party-to-flow')
    expect(answer([terms(world, centrum, police)], { subject: relative })).toBe('not-a-party-to-flow')
    expect(answer([terms(world, police, centrum)])).toBe('accepted')
  })
  test('renews one of its own authority’s, about the same person', () => {
    const former = cast.linnea.registers([terms(world, centrum, police)])
    expect(answer(undefined, { renews: former.registration })).toBe('accepted')
    expect(answer(undefined, { renews: symbolicId('unknown') })).toBe('registration-unknown')
    const about = { subject: relative }
    const ofRelative = cast.linnea.registers([terms(world, centrum, police, about)], about)
    expect(answer(undefined, { renews: ofRelative.registration })).toBe('registration-unknown')
  })
  test('takes an id once', () => {
    const registered = cast.linnea.registers([terms(world, centrum, police)])
    expect(answer(undefined, { registration: registered.registration })).toBe('registration-known-already')
  })
})

describe('consent.shared', () => {
  const { world, consent } = aMutualConsent()
  const { registration: named, subject, given, validUntil, text, evidence, shown } = consent
  const words = { text, evidence, shown }
  const flows = consent.flows.filter((one) => one.source === police)
  const answer = (change: Partial<StrandBodies['consent.shared']> = {}, by: typeof linnea | typeof sara = linnea) =>
    world.answerOnStrand(by, police, {
      type: 'consent.shared',
      body: { registration: named, subject, given, validUntil, flows, ...words, ...change },
    })
  test('is told to the source that it asks, by a speaker, as it was registered', () => {
    expect(answer()).toBe('accepted')
    expect(answer({}, sara)).toBe('not-assigned')
    expect(answer({ flows: [] })).toBe('empty-list')
    expect(answer({ flows: consent.flows })).toBe('not-a-party-to-flow')
    expect(answer({ registration: symbolicId('unknown') })).toBe('registration-unknown')
    expect(answer({ validUntil: addDays(validUntil, 1) })).toBe('outside-registration')
    expect(answer({ text: symbolicHash('other words') })).toBe('outside-registration')
    expect(answer({ evidence: symbolicHash('other paper') })).toBe('outside-registration')
    expect(answer({ shown: 'outside' })).toBe('outside-registration')
    expect(answer({ flows: flows.map((one) => ({ ...one, categories: ['health'] as const })) })).toBe(
      'outside-registration',
    )
  })
  test('asks a source for what it would give to the one that asks, also by what that source is shown', () => {
    const shownToSource = (change: Partial<FlowTerms>) => {
      const body = { registration: named, subject, given, validUntil, ...words }
      const told = flows.map((one) => ({ ...one, ...change }))
      const next = world.next(linnea, world.strand(linnea, police), {
        type: 'consent.shared',
        body: { ...body, flows: told },
      })
      const step = extend(shownTo(world.history, police), world.tenants, next)
      return step.ok ? 'accepted' : step.error
    }
    expect(shownToSource({})).toBe('accepted')
    expect(shownToSource({ recipient: authorities.hisingen })).toBe('not-a-party-to-flow')
    expect(shownToSource({ source: authorities.hisingen })).toBe('not-a-party-to-flow')
    expect(shownToSource({ subject: relative })).toBe('outside-registration')
  })
  test('is not told of otherwise than it was given', () => {
    const verbal = { how: 'verbally-with-witness' as const, lapsesAt: addDays(world.at, 7) }
    expect(answer({ given: verbal })).toBe('outside-registration')
    expect(answer({ subject: relative })).toBe('outside-registration')
    const { world: other, cast } = aMutualConsent()
    const spoken = cast.linnea.registers(flows, { given: verbal })
    const told = (change: Partial<RegistrationBody['given']> = {}) => ({
      type: 'consent.shared' as const,
      body: {
        registration: spoken.registration,
        subject,
        given: { ...verbal, ...change } as RegistrationBody['given'],
        validUntil,
        flows,
        ...words,
      },
    })
    expect(other.answerOnStrand(linnea, police, told())).toBe('accepted')
    expect(other.answerOnStrand(linnea, police, told({ how: 'in-person-written' }))).toBe('outside-registration')
    const longer = { lapsesAt: addDays(world.at, 8) } as Partial<RegistrationBody['given']>
    expect(other.answerOnStrand(linnea, police, told(longer))).toBe('outside-registration')
  })
  test('is not told of one that was voided', () => {
    const other = aMutualConsent()
    const last = [...other.world.history.chains.values()]
      .flat()
      .find((one) => one.statement.type === 'consent.registered')
    other.cast.linnea.voids(last?.hash ?? symbolicHash<Hash>('none'))
    const body = { registration: other.consent.registration, subject, given, validUntil, flows, ...words }
    expect(other.world.answerOnStrand(linnea, police, { type: 'consent.shared', body })).toBe('registration-unknown')
  })
})

describe('grant.opened', () => {
  const { world, cast, consent } = aMutualConsent()
  cast.rolf.assigns(rolf, { reason: 'alone' })
  const answer = (
    change: Partial<StrandBodies['grant.opened']> = {},
    by: typeof linnea | typeof petra | typeof pelle | typeof tuva | typeof mats = linnea,
    to = by === petra || by === pelle || by === tuva ? centrum : police,
  ) => world.answerOnStrand(by, to, { type: 'grant.opened', body: grant(world, [consent.registration], change) })

  test('is the source’s own act, by an assigned speaker who writes everything', () => {
    expect(answer()).toBe('accepted')
    expect(answer({}, petra)).toBe('accepted')
    expect(answer({}, pelle)).toBe('not-assigned')
    expect(answer({}, mats)).toBe('role-missing')
    cast.rolf.assigns(pelle)
    cast.rolf.assigns(tuva)
    expect(answer({}, pelle)).toBe('not-speaker')
    cast.rolf.namesSpeakers(centrum, petra, pelle, tuva)
    expect(answer({}, pelle)).toBe('accepted')
    expect(answer({}, tuva)).toBe('role-missing')
    expect(answer({}, linnea, prison)).toBe('not-speaker')
  })
  test('names what it opens and on what it rests', () => {
    expect(answer({ categories: [] })).toBe('empty-list')
    expect(answer({ purposes: [] })).toBe('empty-list')
    expect(answer({ units: [] })).toBe('empty-list')
    expect(answer({ restsOn: [] })).toBe('empty-list')
  })
  test('has an end, within twelve months', () => {
    expect(answer({ until: world.at })).toBe('ends-before-it-begins')
    expect(answer({ from: addDays(world.at, 9), until: addDays(world.at, 9) })).toBe('ends-before-it-begins')
    expect(answer({ until: addDays(world.at, 367) })).toBe('too-long')
  })
  test('is within every registration it rests on, in every respect', () => {
    const narrow = cast.linnea.registers([
      terms(world, centrum, police, {
        categories: ['threat', 'plan'],
        units: [units.region],
        includesEarlier: 'shared-before',
        validUntil: addDays(world.at, 30),
      }),
    ])
    const rests = (change: Partial<StrandBodies['grant.opened']>) =>
      answer({ restsOn: [narrow.registration], units: [units.region], until: addDays(world.at, 30), ...change })
    expect(rests({})).toBe('accepted')
    expect(rests({ includesEarlier: 'shared-before' })).toBe('accepted')
    expect(rests({ includesEarlier: 'all' })).toBe('outside-registration')
    expect(rests({ units: null })).toBe('outside-registration')
    expect(rests({ units: [units.region, units.local] })).toBe('outside-registration')
    expect(rests({ categories: ['threat', 'health'] })).toBe('outside-registration')
    expect(rests({ purposes: ['casework', 'funding'] })).toBe('outside-registration')
    expect(rests({ until: addDays(world.at, 31) })).toBe('outside-registration')
    expect(rests({ from: addDays(world.at, -1) })).toBe('outside-registration')
    expect(rests({ subject: relative })).toBe('outside-registration')
    expect(rests({ restsOn: [consent.registration, narrow.registration], includesEarlier: 'all' })).toBe(
      'outside-registration',
    )
    expect(rests({ restsOn: [consent.registration, symbolicId('unknown')], units: null })).toBe('registration-unknown')
  })
  test('does not rest on what is withdrawn: to begin again takes a new registration', () => {
    const other = aMutualConsent()
    other.cast.petra.withdraws([other.consent], centrum)
    other.world.waits(10)
    const body = (restsOn: readonly RegistrationBody[]) =>
      grant(
        other.world,
        restsOn.map((one) => one.registration),
        { until: addDays(other.world.at, 30) },
      )
    const again = { type: 'grant.opened' as const, body: body([other.consent]) }
    expect(other.world.answerOnStrand(linnea, police, again)).toBe('registration-withdrawn')
    const fresh = other.cast.linnea.registers([terms(other.world, centrum, police)], {
      validUntil: year(other.world.at),
    })
    const anew = { type: 'grant.opened' as const, body: body([fresh]) }
    expect(other.world.answerOnStrand(linnea, police, anew)).toBe('accepted')
  })
})

describe('narrowing', () => {
  const { world, toPolice, toCentrum } = aMutualConsent()
  const narrowed = (change: object) => ({
    type: 'grant.narrowed' as const,
    body: { grant: toPolice, categories: ['threat' as const], ...change },
  })
  test('names what it takes, of a grant of its strand, and needs nobody’s leave', () => {
    expect(world.answerOnStrand(linnea, police, narrowed({}))).toBe('accepted')
    expect(world.answerOnStrand(mats, police, narrowed({}))).toBe('accepted')
    expect(world.answerOnStrand(sara, police, narrowed({}))).toBe('not-assigned')
    expect(world.answerOnStrand(linnea, police, narrowed({ categories: [] }))).toBe('empty-list')
    expect(world.answerOnStrand(linnea, police, narrowed({ grant: toCentrum }))).toBe('grant-unknown')
    const closed = (hash: Hash) => ({ type: 'grant.closed' as const, body: { grant: hash } })
    expect(world.answerOnStrand(linnea, police, closed(toPolice))).toBe('accepted')
    expect(world.answerOnStrand(linnea, police, closed(toCentrum))).toBe('grant-unknown')
    expect(world.answerOnStrand(sara, police, closed(toPolice))).toBe('not-assigned')
  })
})
