// Who may start a key, for whom and until when: each refusal by name (protocol.md § 5).
import type { CompartmentId, KeyId } from '../ids.ts'
import { addDays } from '../instant.ts'
import type { LedgerBodies, StrandBodies } from '../statement.ts'
import { extend } from '../cases/extend.ts'
import type { RegistrationBody } from '../spec/deeds.ts'
import { sort } from '../spec/deeds.ts'
import { aKeyedFlow } from '../spec/given.ts'
import { shownTo } from '../spec/scene.ts'
import { authorities, individual, people, relative, symbolicHash, symbolicId, units } from '../spec/world.ts'

const { centrum, police } = authorities
const { linnea, sara, mats, petra, pelle, tuva } = people

describe('compartment.opened', () => {
  const opened = (change: Partial<LedgerBodies['compartment.opened']> = {}) => ({
    type: 'compartment.opened' as const,
    body: {
      compartment: symbolicId<CompartmentId>('another'),
      subject: individual,
      category: 'plan' as const,
      purpose: 'casework' as const,
      ...change,
    },
  })
  test('is for the assigned, in a category of theirs, once for each sort and each id', () => {
    const { world, cast, compartment } = aKeyedFlow()
    cast.mats.assigns(sara, { categories: ['identity'] })
    expect(world.answerOnLedger(mats, opened())).toBe('not-assigned')
    expect(world.answerOnLedger(sara, opened())).toBe('not-reader')
    expect(world.answerOnLedger(linnea, opened({ category: 'threat' }))).toBe('compartment-known-already')
    expect(world.answerOnLedger(linnea, opened({ compartment }))).toBe('compartment-known-already')
    expect(world.answerOnLedger(linnea, opened({ category: 'threat', subject: relative }))).toBe('accepted')
    expect(world.answerOnLedger(linnea, opened())).toBe('accepted')
  })
})

describe('epoch.started', () => {
  const answer = (
    change: (of: ReturnType<typeof aKeyedFlow>) => Partial<LedgerBodies['epoch.started']>,
    by = linnea,
  ) => {
    const given = aKeyedFlow()
    given.cast.mats.assigns(sara)
    given.cast.mats.assigns(mats, { reason: 'alone', categories: ['identity'] })
    const body = given.cast.linnea.epochBody(given.compartment, change(given))
    return given.world.answerOnLedger(by, { type: 'epoch.started', body })
  }
  test('as it should be is accepted', () => expect(answer(() => ({}))).toBe('accepted'))
  test('is of a known compartment of one’s own authority', () => {
    expect(answer(() => ({ compartment: symbolicId('nowhere') }))).toBe('compartment-unknown')
    expect(answer(({ cast }) => ({ compartment: cast.petra.opensCompartment('plan') }))).toBe('compartment-unknown')
  })
  test('is by an own reader: a leader without the category starts nothing', () =>
    expect(answer(() => ({}), mats)).toBe('not-reader'))
  test('never takes a known key, under its own id or another', () => {
    expect(answer(({ epoch }) => ({ epoch }))).toBe('key-reused')
    expect(answer(({ flow }) => ({ epoch: flow }))).toBe('key-reused')
    expect(answer(({ reception }) => ({ epoch: reception.reception }))).toBe('key-reused')
    expect(answer(({ epoch }) => ({ commit: symbolicHash(`commit ${epoch}`) }))).toBe('key-reused')
    expect(answer(({ flow }) => ({ commit: symbolicHash(`commit ${flow}`) }))).toBe('key-reused')
  })
  test('follows the epoch before', () => {
    expect(answer(() => ({ prev: null }))).toBe('epoch-chain-broken')
    expect(answer(() => ({ prev: symbolicId<KeyId>('fork') }))).toBe('epoch-chain-broken')
  })
  test('is for exactly the own readers, each by her certified key and right', () => {
    const readersOf = ({ cast, compartment }: ReturnType<typeof aKeyedFlow>) =>
      cast.linnea.epochBody(compartment).readers
    expect(answer((of) => ({ readers: readersOf(of).slice(1) }))).toBe('readers-differ')
    expect(answer((of) => ({ readers: readersOf(of).map((one) => ({ ...one, write: false })) }))).toBe('readers-differ')
    expect(answer((of) => ({ readers: [...readersOf(of), ...readersOf(of).slice(0, 1)] }))).toBe('readers-differ')
    const wrongKey = symbolicHash<never>('another key')
    expect(answer((of) => ({ readers: readersOf(of).map((one) => ({ ...one, key: wrongKey })) }))).toBe(
      'readers-differ',
    )
    const foreign = (of: ReturnType<typeof aKeyedFlow>) => ({
      ...of.world.ownReader(petra),
      wrap: symbolicHash<never>('w'),
    })
    expect(answer((of) => ({ readers: [...readersOf(of), foreign(of)] }))).toBe('readers-differ')
  })
  test('leaves out only those whom it says are withheld', () => {
    const withheld = [{ user: sara.user, cause: 'word', since: aKeyedFlow().world.at }]
    const withoutSara = ({ cast, compartment }: ReturnType<typeof aKeyedFlow>) =>
      cast.linnea.epochBody(compartment).readers.filter((one) => one.user !== sara.user)
    expect(answer((of) => ({ readers: withoutSara(of), withheld }))).toBe('accepted')
    expect(answer((of) => ({ readers: withoutSara(of) }))).toBe('readers-differ')
    expect(answer(() => ({ withheld }))).toBe('readers-differ')
  })
  test('ends, within a month and not after a reader does', () => {
    expect(answer(({ world }) => ({ until: world.at }))).toBe('ends-before-it-begins')
    expect(answer(({ world }) => ({ until: addDays(world.at, 32) }))).toBe('until-too-late')
    const { world, cast, compartment } = aKeyedFlow()
    cast.mats.assigns(sara, { until: addDays(world.at, 3) })
    const body = cast.linnea.epochBody(compartment, { until: addDays(world.at, 4) })
    expect(world.answerOnLedger(linnea, { type: 'epoch.started', body })).toBe('until-too-late')
  })
})

describe('reception.started', () => {
  test('is by and for the own readers of the sort, a new key, and ends within two months', () => {
    const { world, cast, flow } = aKeyedFlow()
    cast.rolf.assigns(pelle)
    cast.rolf.assigns(tuva, { categories: ['identity'] })
    const answer = (change: Partial<LedgerBodies['reception.started']>, by = petra, of = sort()) =>
      world.answerOnLedger(by, { type: 'reception.started', body: cast.petra.receptionBody(of, change) })
    const { readers } = cast.petra.receptionBody()
    expect(answer({})).toBe('accepted')
    expect(answer({}, tuva)).toBe('not-reader')
    expect(answer({ reception: flow })).toBe('key-reused')
    expect(answer({ commit: symbolicHash(`commit ${flow}`) })).toBe('key-reused')
    expect(answer({ readers: readers.slice(1) })).toBe('readers-differ')
    expect(answer({ until: world.at })).toBe('ends-before-it-begins')
    expect(answer({ until: addDays(world.at, 63) })).toBe('until-too-late')
    // A grant that names a unit is received by that unit alone.
    expect(answer({}, petra, sort('threat', [units.region]))).toBe('accepted')
    expect(answer({}, pelle, sort('threat', [units.region]))).toBe('not-reader')
    expect(answer({ readers }, petra, sort('threat', [units.region]))).toBe('readers-differ')
  })
})

describe('wraps.added', () => {
  test('is by an own reader of the key, to own readers, of a key of one’s own authority', () => {
    const { world, cast, epoch, reception } = aKeyedFlow()
    cast.mats.assigns(sara)
    cast.mats.assigns(mats, { reason: 'alone', categories: ['identity'] })
    const wrapped = (staff: typeof sara | typeof petra, write = true) => ({
      ...world.ownReader(staff),
      write,
      wrap: symbolicHash<never>('w'),
    })
    const answer = (
      key: KeyId,
      readers: LedgerBodies['wraps.added']['readers'],
      by: typeof linnea | typeof mats = linnea,
    ) => world.answerOnLedger(by, { type: 'wraps.added', body: { key, readers } })
    expect(answer(epoch, [wrapped(sara)])).toBe('accepted')
    expect(answer(epoch, [])).toBe('empty-list')
    expect(answer(epoch, [wrapped(petra)])).toBe('readers-differ')
    expect(answer(epoch, [wrapped(sara, false)])).toBe('readers-differ')
    expect(answer(epoch, [wrapped(sara)], mats)).toBe('not-reader')
    expect(answer(reception.reception, [wrapped(sara)])).toBe('statement-unknown')
    expect(answer(symbolicId<KeyId>('no key'), [wrapped(sara)])).toBe('statement-unknown')
  })
})

describe('reception.key', () => {
  const given = () => {
    const { world, cast, reception, ...rest } = aKeyedFlow()
    const { subject, category, units: of, publicKey, until } = reception
    const shown = { reception: reception.reception, subject, category, units: of, publicKey, until }
    const answer = (change: Partial<StrandBodies['reception.key']>, by: typeof petra | typeof pelle = petra) =>
      world.answerOnStrand(by, centrum, { type: 'reception.key', body: { ...shown, ...change } })
    return { world, cast, shown, answer, ...rest }
  }
  test('is published by a speaker, of a key that her ledger started, as it was started', () => {
    const { answer, cast, world } = given()
    const other = cast.petra.startsReception(sort('plan'))
    const { reception, category, publicKey } = other
    expect(answer({ reception, category, publicKey })).toBe('accepted')
    expect(answer({ reception, category, publicKey }, pelle)).toBe('not-speaker')
    expect(answer({ reception, category, publicKey: 'public of another' })).toBe('reception-differs')
    expect(answer({ reception, publicKey })).toBe('reception-differs')
    expect(answer({ reception, category, publicKey, until: addDays(other.until, 1) })).toBe('reception-differs')
    expect(answer({ reception: symbolicId('no key'), publicKey: 'public of none' })).toBe('reception-unknown')
    cast.rolf.ends(petra)
    world.waits(10)
    expect(answer({ reception, category, publicKey })).toBe('not-assigned')
  })
  test('is said again only with an earlier end', () => {
    const { answer, world, shown } = given()
    expect(answer({ until: addDays(world.at, 3) })).toBe('accepted')
    expect(answer({})).toBe('reception-differs')
    expect(answer({ until: addDays(shown.until, 1) })).toBe('reception-differs')
    expect(answer({ until: world.at })).toBe('ends-before-it-begins')
    expect(answer({ category: 'plan', until: addDays(world.at, 3) })).toBe('reception-differs')
  })
  test('ends within two months of being published, also for those who are not shown the ledger that started it', () => {
    const { world, cast, shown } = given()
    const other = { ...shown, ...cast.petra.startsReception(sort('plan')) }
    const { reception, subject, category, units: of, publicKey } = other
    const answer = (days: number) => {
      const body = { reception, subject, category, units: of, publicKey, until: addDays(world.at, days) }
      const next = world.next(petra, world.strand(petra, centrum), { type: 'reception.key', body })
      const step = extend(shownTo(world.history, centrum), world.tenants, next)
      return step.ok ? 'accepted' : step.error
    }
    expect(answer(62)).toBe('accepted')
    expect(answer(63)).toBe('until-too-late')
    expect(answer(3000)).toBe('until-too-late')
  })
  test('is never another authority’s key', () => {
    const { world, cast, shown } = given()
    const own = cast.linnea.startsReception()
    const body = { ...shown, reception: own.reception, publicKey: shown.publicKey }
    expect(world.answerOnStrand(linnea, police, { type: 'reception.key', body })).toBe('key-reused')
  })
})

describe('flow.keyed', () => {
  const answer = (
    change: (of: ReturnType<typeof aKeyedFlow>) => Partial<StrandBodies['flow.keyed']>,
    by: typeof linnea | typeof mats = linnea,
  ) => {
    const of = aKeyedFlow()
    of.cast.mats.assigns(sara)
    const body = of.cast.linnea.flowBody(of.compartment, police, change(of))
    return of.world.answerOnStrand(by, police, { type: 'flow.keyed', body })
  }
  test('as it should be is accepted', () => expect(answer(() => ({}))).toBe('accepted'))
  test('is by a speaker, and its writers are speakers', () => {
    expect(answer(() => ({}), sara)).toBe('not-speaker')
    expect(answer(() => ({ writers: [linnea.user, sara.user] }))).toBe('writers-not-speakers')
  })
  test('never takes a known key', () => {
    expect(answer(({ flow }) => ({ flow }))).toBe('key-reused')
    expect(answer(({ epoch }) => ({ flow: epoch }))).toBe('key-reused')
    expect(answer(({ flow }) => ({ commit: symbolicHash(`commit ${flow}`) }))).toBe('key-reused')
  })
  test('names grants and writers, of this strand and this way', () => {
    expect(answer(() => ({ grants: [] }))).toBe('empty-list')
    expect(answer(() => ({ writers: [] }))).toBe('empty-list')
    expect(answer(({ toCentrum }) => ({ grants: [toCentrum] }))).toBe('grant-unknown')
    expect(answer(() => ({ purpose: 'statistics' }))).toBe('grant-unknown')
    expect(answer(() => ({ subject: relative }))).toBe('grant-unknown')
    expect(answer(() => ({ units: [units.region] }))).toBe('grant-unknown')
    const consentOf = ({ cast, consent }: { cast: ReturnType<typeof aKeyedFlow>['cast']; consent: RegistrationBody }) =>
      cast.linnea.grants(police, [consent], { categories: ['plan'] })
    expect(answer((of) => ({ grants: [consentOf(of)] }))).toBe('grant-unknown')
  })
  test('ends, within a month, not after its grants or the reception key', () => {
    expect(answer(({ world }) => ({ until: world.at }))).toBe('ends-before-it-begins')
    expect(answer(({ world }) => ({ until: addDays(world.at, 32) }))).toBe('until-too-late')
    const short = aKeyedFlow()
    const grant = short.cast.linnea.grants(police, [short.consent], { until: addDays(short.world.at, 5) })
    const body = short.cast.linnea.flowBody(short.compartment, police, {
      grants: [grant],
      until: addDays(short.world.at, 6),
    })
    expect(short.world.answerOnStrand(linnea, police, { type: 'flow.keyed', body })).toBe('until-too-late')
    const old = aKeyedFlow()
    old.world.waitsDays(40)
    const late = old.cast.linnea.flowBody(old.compartment, police, { until: addDays(old.world.at, 30) })
    expect(old.world.answerOnStrand(linnea, police, { type: 'flow.keyed', body: late })).toBe('until-too-late')
  })
  test('goes to a reception key that this recipient has published for this sort', () => {
    expect(answer(() => ({ reception: symbolicId('no key') }))).toBe('reception-unknown')
    expect(answer(({ cast }) => ({ reception: cast.linnea.startsReception().reception }))).toBe('reception-unknown')
    expect(answer(({ cast }) => ({ reception: cast.petra.receives(centrum, sort('plan')).reception }))).toBe(
      'reception-differs',
    )
  })
  test('is of one’s own compartment and an epoch of it, by one who writes there', () => {
    expect(answer(({ cast }) => ({ compartment: cast.petra.opensCompartment() }))).toBe('compartment-unknown')
    expect(answer(({ cast }) => ({ compartment: cast.linnea.opensCompartment('plan') }))).toBe('compartment-unknown')
    expect(answer(({ cast }) => ({ epoch: cast.linnea.startsEpoch(cast.linnea.opensCompartment('plan')) }))).toBe(
      'epoch-chain-broken',
    )
    expect(
      answer(({ cast }) => {
        cast.mats.assigns(mats, { reason: 'alone' })
        cast.mats.namesSpeakers(police, linnea, mats)
        return {}
      }, mats),
    ).toBe('not-reader')
  })
})

describe('seals.added', () => {
  test('is by a writer of that flow key, on its own strand, and not of nothing', () => {
    const { world, cast, flow } = aKeyedFlow()
    cast.mats.assigns(sara)
    cast.mats.namesSpeakers(police, linnea, sara)
    const answer = (
      body: Partial<StrandBodies['seals.added']>,
      by: typeof linnea | typeof sara | typeof mats | typeof petra = linnea,
      to = police,
    ) =>
      world.answerOnStrand(by, to, {
        type: 'seals.added',
        body: { flow, count: 1, list: symbolicHash('list'), ...body },
      })
    expect(answer({})).toBe('accepted')
    expect(answer({ count: 0 })).toBe('empty-list')
    expect(answer({ flow: symbolicId('no key') })).toBe('flow-unknown')
    expect(answer({}, sara)).toBe('writers-not-speakers')
    expect(answer({}, mats)).toBe('not-speaker')
    expect(answer({}, petra, centrum)).toBe('flow-unknown')
  })
})

describe('closes', () => {
  const streams = [{ context: symbolicId<never>('thread'), count: 1, hash: symbolicHash<never>('list') }]
  const upTo = (...keys: readonly KeyId[]) => keys.map((key) => ({ key, streams }))
  test('is of the keys that were started in the same chain: nobody gives the final list of another’s key', () => {
    const { world, cast, compartment, epoch, flow } = aKeyedFlow()
    const back = cast.petra.opensCompartment()
    const theirs = cast.petra.startsEpoch(back)
    const keyed = (...keys: readonly KeyId[]) =>
      world.answerOnStrand(linnea, police, {
        type: 'flow.keyed',
        body: cast.linnea.flowBody(compartment, police, { closes: upTo(...keys) }),
      })
    expect(keyed(flow)).toBe('accepted')
    expect(keyed(epoch)).toBe('closes-foreign-key')
    expect(keyed(symbolicId('no key'))).toBe('closes-foreign-key')
    expect(keyed(flow, theirs)).toBe('closes-foreign-key')
    const started = (by: 'linnea' | 'petra', of: CompartmentId, key: KeyId) =>
      world.answerOnLedger(people[by], {
        type: 'epoch.started',
        body: cast[by].epochBody(of, { closes: upTo(key) }),
      })
    expect(started('linnea', compartment, epoch)).toBe('accepted')
    expect(started('linnea', compartment, theirs)).toBe('closes-foreign-key')
    expect(started('petra', back, epoch)).toBe('closes-foreign-key')
    expect(started('petra', back, theirs)).toBe('accepted')
  })
  test('is given with the key that follows: whoever ends, bars, upholds or names speakers closes nothing', () => {
    const { world, cast, epoch, flow, toPolice } = aKeyedFlow()
    const added = cast.mats.assigns(sara)
    const onLedger = (closes: LedgerBodies['upheld']['closes']) => [
      world.answerOnLedger(mats, { type: 'assignment.ended', body: { user: linnea.user, closes } }),
      world.answerOnLedger(mats, { type: 'assignment.barred', body: { user: linnea.user, closes } }),
      world.answerOnLedger(linnea, { type: 'upheld', body: { keeps: [added], closes } }),
    ]
    const onStrand = (closes: LedgerBodies['upheld']['closes']) => [
      world.answerOnStrand(linnea, police, { type: 'speakers', body: { users: [linnea.user], closes } }),
      world.answerOnStrand(mats, police, { type: 'upheld', body: { keeps: [toPolice], closes } }),
    ]
    expect(onLedger([{ key: epoch, streams: [] }])).toEqual(Array(3).fill('closes-without-key'))
    expect(onLedger(upTo(epoch))).toEqual(Array(3).fill('closes-without-key'))
    expect(onStrand(upTo(flow))).toEqual(Array(2).fill('closes-without-key'))
    expect([...onLedger([]), ...onStrand([])]).toEqual(Array(5).fill('accepted'))
  })
})
