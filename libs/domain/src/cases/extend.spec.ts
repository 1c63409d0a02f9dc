// What a case's chains accept, and each refusal by name (domain.md § 1; protocol.md § 4).
import { addDays, addMinutes } from '../instant.ts'
import type { AuthorityId, Hash, KeyId } from '../ids.ts'
import { grant, mutual, registration } from '../spec/deeds.ts'
import { aCaseWithPolice, aMutualConsent, castOf } from '../spec/given.ts'
import { shownTo } from '../spec/scene.ts'
import type { Staff } from '../spec/world.ts'
import {
  authorities,
  individual,
  people,
  signed,
  signingOf,
  symbolicHash,
  symbolicId,
  units,
  World,
} from '../spec/world.ts'
import { categories } from '../consents/categories.ts'
import { flowsAt } from '../consents/effective-scope.ts'
import { registrationsOf } from '../consents/terms.ts'
import { assignmentSpans } from './assigned.ts'
import type { CaseHistory } from './case-history.ts'
import { emptyHistory, hear } from './case-history.ts'
import { extend, keepPlace } from './extend.ts'
import { project } from './projection.ts'

const { centrum, hisingen, police } = authorities
const { linnea, sara, mats, anders, petra, pelle, rolf, tuva, hanna } = people
const assignment = (world: World, user = sara.user, change = {}) => ({
  type: 'assignment.added' as const,
  body: { user, categories, until: addDays(world.at, 30), ...change },
})
const opening = { type: 'ledger.opened' as const, body: { unit: units.sav, as: 'owner' as const } }
const speakers = (...users: (typeof linnea.user)[]) => ({ type: 'speakers' as const, body: { users, closes: [] } })

describe('the chain', () => {
  test('accepts only the next statement of the place', () => {
    const { world } = aCaseWithPolice()
    const place = world.ledger(linnea)
    const last = world.history.chains.get(place)?.at(-1)
    if (last === undefined) throw new Error('empty ledger')
    const head = { n: last.statement.n, hash: last.hash }
    const said = assignment(world)
    const by = world.signerOf(mats)
    expect(world.answer(signed(place, head, world.at, by, said, world.heads()))).toBe('accepted')
    expect(world.answer(signed(place, { ...head, n: head.n - 1 }, world.at, by, said, world.heads()))).toBe(
      'out-of-order',
    )
    expect(
      world.answer(signed(place, { ...head, hash: symbolicHash<Hash>('fork') }, world.at, by, said, world.heads())),
    ).toBe('other-predecessor')
    expect(world.answer(signed(place, head, addMinutes(last.statement.at, -1), by, said, world.heads()))).toBe(
      'time-goes-back',
    )
    for (const wrong of [
      'tenant/x',
      `ledger/${symbolicId('another case')}/${centrum}`,
      `strand/${world.history.case}/${centrum}/${centrum}`,
      `${place}/more`,
    ])
      expect(world.answer(signed(wrong, head, world.at, by, said, world.heads()))).toBe('wrong-place')
  })
  test('a strand’s statement is not said on a ledger, nor the other way', () => {
    const { world } = aCaseWithPolice()
    expect(world.answer(world.next(mats, world.ledger(mats), speakers(linnea.user)))).toBe('wrong-place')
    expect(world.answer(world.next(mats, world.strand(mats, police), assignment(world)))).toBe('wrong-place')
  })
})

describe('the signer', () => {
  test('must be certified, for the authority in whose place she speaks', () => {
    const { world } = aCaseWithPolice()
    const place = world.ledger(linnea)
    const { statement } = world.next(mats, place, assignment(world))
    const head = { n: statement.n - 1, hash: statement.prev ?? symbolicHash<Hash>('none') }
    const stranger = { by: mats.user, key: signingOf('nobody') }
    expect(world.answer(signed(place, head, world.at, stranger, assignment(world), world.heads()))).toBe(
      'signer-unknown',
    )
    expect(world.answer(world.next(rolf, place, assignment(world)))).toBe('signer-of-another-authority')
    expect(world.answer(world.next(people.henrik, place, assignment(world)))).toBe('signer-of-another-authority')
    expect(
      world.answer(
        signed(place, head, world.at, { by: sara.user, key: signingOf('mats') }, assignment(world), world.heads()),
      ),
    ).toBe('signer-of-another-authority')
  })
  test('speaks for the board that she is certified for now, and no longer for the one before', () => {
    const { world } = aCaseWithPolice()
    expect(world.answerOnLedger(mats, assignment(world))).toBe('accepted')
    world.certifies({ ...mats, authority: hisingen, units: people.henrik.units }, addDays(world.at, 300))
    world.waits(1)
    expect(world.answerOnLedger(mats, assignment(world))).toBe('signer-of-another-authority')
  })
  test('is refused by a key that she knows, or the chain knows, as ended', () => {
    const { world, cast } = aCaseWithPolice()
    world.goesOffLine(mats)
    world.waits(1).endsKey(mats)
    expect(world.answerOnLedger(mats, assignment(world))).toBe('accepted')
    cast.linnea.opensCompartment()
    expect(world.answerOnLedger(mats, assignment(world))).toBe('key-ended')
  })
  test('is refused long after the end, whatever tenant heads she names, and after expiry', () => {
    const { world } = aCaseWithPolice()
    world.goesOffLine(mats)
    world.waits(1).endsKey(mats)
    world.waits(10)
    expect(world.answerOnLedger(mats, assignment(world))).toBe('key-ended')
    const other = aCaseWithPolice().world.waitsDays(720)
    expect(other.answerOnLedger(mats, assignment(other))).toBe('key-ended')
  })
})

describe('opening', () => {
  test('a ledger is opened first, once, for an own unit, by a role that may', () => {
    const world = new World()
    expect(world.answerOnLedger(linnea, assignment(world))).toBe('ledger-not-opened')
    expect(world.answerOnLedger(anders, opening)).toBe('role-missing')
    expect(world.answerOnLedger(tuva, { ...opening, body: { unit: units.region, as: 'party' } })).toBe('role-missing')
    expect(world.answerOnLedger(linnea, { ...opening, body: { unit: units.north, as: 'owner' } })).toBe('unit-not-own')
    world.onLedger(linnea, opening)
    expect(world.answerOnLedger(linnea, opening)).toBe('ledger-opened-already')
  })
  test('a case is opened by its owner’s opener alone, once', () => {
    const world = new World()
    const opened = {
      type: 'case.opened' as const,
      body: { number: '1480-2025-00001', individual: symbolicId<never>('x') },
    }
    world.onLedger(linnea, opening)
    expect(world.answerOnLedger(mats, opened)).toBe('role-missing')
    world.onLedger(linnea, opened)
    expect(world.answerOnLedger(linnea, opened)).toBe('case-opened-already')
    const { rolf: receiver, hanna: another } = castOf(world)
    another.opensLedger('party')
    expect(world.answerOnLedger(hanna, opened)).toBe('ledger-not-opened')
    receiver.opensLedger('party')
    expect(world.answerOnLedger(rolf, opened)).toBe('role-missing')
  })
  test('another nämnd of the same kommun opens a ledger of its own', () => {
    const { world, cast } = aCaseWithPolice()
    cast.hanna.joins()
    expect(world.answer(world.next(hanna, world.ledger(linnea), assignment(world)))).toBe('signer-of-another-authority')
  })
  test('only the owner closes the case', () => {
    const { world } = aCaseWithPolice()
    const closing = { type: 'case.closed' as const, body: { phase: 'closed' as const } }
    expect(world.answerOnLedger(petra, closing)).toBe('ledger-not-opened')
    expect(world.answerOnLedger(linnea, closing)).toBe('accepted')
  })
})

describe('before an authority has opened its ledger', () => {
  const reception = (world: World) => ({
    type: 'reception.key' as const,
    body: {
      reception: symbolicId<KeyId>('planted'),
      subject: individual,
      category: 'threat' as const,
      units: null,
      publicKey: 'a key of her own',
      until: addDays(world.at, 30),
    },
  })
  test('nobody widens on its strands, not even a receiver; what takes away counts', () => {
    const world = new World()
    castOf(world).linnea.opensCase()
    expect(world.answerOnStrand(rolf, centrum, speakers(rolf.user))).toBe('ledger-not-opened')
    expect(world.answerOnStrand(rolf, centrum, reception(world))).toBe('ledger-not-opened')
    const gone = { registrations: 'all' as const, subject: individual }
    expect(world.answerOnStrand(rolf, centrum, { type: 'withdrawal.received', body: gone })).toBe('accepted')
    expect(world.answerOnStrand(petra, centrum, { type: 'withdrawal.received', body: gone })).toBe('not-assigned')
    castOf(world).rolf.opensLedger('party')
    expect(world.answerOnStrand(rolf, centrum, speakers(rolf.user))).toBe('accepted')
  })
  test('a removed colleague’s words, served to her own authority before its ledger, are judged by that ledger', () => {
    const world = new World()
    const cast = castOf(world)
    const early = world.at
    world.waits(60)
    cast.linnea.opensCase()
    cast.mats.assigns(sara)
    world.waits(60)
    cast.mats.ends(sara)
    const forged = signed(
      world.strand(sara, police),
      null,
      early,
      world.signerOf(sara),
      speakers(sara.user),
      world.heads(),
    )
    const answer = (history: CaseHistory) => {
      const next = extend(history, world.tenants, forged)
      return next.ok ? 'accepted' : next.error
    }
    expect(answer(emptyHistory(world.history.case, centrum))).toBe('ledger-not-opened')
    expect(answer(emptyHistory(world.history.case, 'everybody'))).toBe('ledger-not-opened')
    expect(answer(shownTo(world.history, centrum))).toBe('not-assigned')
    // To the Police, who are not shown that ledger, the list of speakers stands in for it.
    expect(answer(shownTo(world.history, police))).toBe('accepted')
  })
  test('another’s ledger is not taken in by a client, whoever serves it', () => {
    const { world } = aCaseWithPolice()
    const [opened] = world.history.chains.get(world.ledger(rolf)) ?? []
    if (opened === undefined) throw new Error('the Police have come in')
    const takenBy = (history: CaseHistory) => extend(history, world.tenants, opened)
    expect(takenBy(emptyHistory(world.history.case, centrum))).toEqual({ ok: false, error: 'wrong-place' })
    expect(takenBy(emptyHistory(world.history.case, police)).ok).toBe(true)
  })
})

describe('assignment', () => {
  test('is a receiver’s; the assigned one assigns nobody', () => {
    const { world } = aCaseWithPolice()
    expect(world.answerOnLedger(mats, assignment(world))).toBe('accepted')
    expect(world.answerOnLedger(linnea, assignment(world))).toBe('not-receiver')
  })
  test('of oneself needs the opening, or a receiver with a reason', () => {
    const { world } = aCaseWithPolice()
    expect(world.answerOnLedger(sara, assignment(world))).toBe('own-benefit')
    expect(world.answerOnLedger(sara, assignment(world, sara.user, { reason: 'opened' }))).toBe('own-benefit')
    expect(world.answerOnLedger(sara, assignment(world, sara.user, { reason: 'alone' }))).toBe('own-benefit')
    expect(world.answerOnLedger(mats, assignment(world, mats.user))).toBe('own-benefit')
    expect(world.answerOnLedger(mats, assignment(world, mats.user, { reason: 'alone' }))).toBe('accepted')
    expect(world.answerOnLedger(mats, assignment(world, mats.user, { reason: 'night' }))).toBe('accepted')
  })
  test('carries categories, ends, and not later than a year', () => {
    const { world } = aCaseWithPolice()
    expect(world.answerOnLedger(mats, assignment(world, sara.user, { categories: [] }))).toBe('empty-list')
    expect(world.answerOnLedger(mats, assignment(world, sara.user, { until: world.at }))).toBe('ends-before-it-begins')
    expect(world.answerOnLedger(mats, assignment(world, sara.user, { until: addDays(world.at, 367) }))).toBe('too-long')
  })
  test('is for certified own staff who are not barred', () => {
    const { world, cast } = aCaseWithPolice()
    expect(world.answerOnLedger(mats, assignment(world, petra.user))).toBe('person-not-certified')
    expect(world.answerOnLedger(mats, assignment(world, hanna.user))).toBe('person-not-certified')
    cast.mats.bars(sara)
    expect(world.answerOnLedger(mats, assignment(world))).toBe('person-barred')
  })
  test('is ended by a receiver or an assigned colleague, nobody else', () => {
    const { world } = aCaseWithPolice()
    const ending = { type: 'assignment.ended' as const, body: { user: linnea.user, closes: [] } }
    expect(world.answerOnLedger(sara, ending)).toBe('not-assigned')
    expect(world.answerOnLedger(mats, ending)).toBe('accepted')
  })
  test('is ended of somebody who has one; barred is also one who never had', () => {
    const { world } = aCaseWithPolice()
    const gone = (type: 'assignment.ended' | 'assignment.barred') => ({ type, body: { user: sara.user, closes: [] } })
    expect(world.answerOnLedger(mats, gone('assignment.ended'))).toBe('person-not-assigned')
    expect(world.answerOnLedger(mats, gone('assignment.barred'))).toBe('accepted')
  })
  test('is barred of own staff alone, also of those who are so no longer', () => {
    const { world } = aCaseWithPolice()
    const bars = (by: Staff, whom: Staff) =>
      world.answerOnLedger(by, { type: 'assignment.barred', body: { user: whom.user, closes: [] } })
    for (const stranger of [petra, pelle, rolf, hanna]) expect(bars(mats, stranger)).toBe('person-not-certified')
    expect(bars(rolf, petra)).toBe('accepted')
    world.endsKey(sara)
    expect(bars(mats, sara)).toBe('accepted')
    world.certifies({ ...anders, authority: hisingen, units: people.henrik.units }, addDays(world.at, 300))
    expect(bars(mats, anders)).toBe('accepted')
  })
})

describe('speakers', () => {
  test('are named by a receiver; the one who opened names herself while there is no list', () => {
    const { world, cast } = aCaseWithPolice()
    expect(world.answerOnStrand(linnea, authorities.prison, speakers(linnea.user))).toBe('accepted')
    expect(world.answerOnStrand(linnea, authorities.prison, speakers(sara.user))).toBe('not-receiver')
    expect(world.answerOnStrand(linnea, authorities.prison, speakers(linnea.user, sara.user))).toBe('not-receiver')
    expect(world.answerOnStrand(sara, authorities.prison, speakers(sara.user))).toBe('not-assigned')
    cast.mats.assigns(sara)
    expect(world.answerOnStrand(sara, police, speakers(sara.user))).toBe('not-receiver')
    expect(world.answerOnStrand(mats, police, speakers(linnea.user, sara.user))).toBe('accepted')
    expect(world.answerOnStrand(sara, police, speakers())).toBe('accepted')
  })
  test('are the only ones who widen on the strand', () => {
    const { world, cast, consent } = aMutualConsent()
    cast.mats.assigns(sara)
    const opened = { type: 'grant.opened' as const, body: grant(world, [consent.registration]) }
    expect(world.answerOnStrand(sara, police, opened)).toBe('not-speaker')
    expect(world.answerOnStrand(linnea, police, opened)).toBe('accepted')
    expect(world.answerOnStrand(sara, police, { type: 'contacts', body: { users: [sara.user] } })).toBe('not-speaker')
    expect(world.answerOnStrand(linnea, police, { type: 'contacts', body: { users: [linnea.user] } })).toBe('accepted')
  })
})

describe('narrowing and what is said about statements', () => {
  test('is heard by anybody assigned and by receivers, by no one else', () => {
    const { world } = aMutualConsent()
    const gone = {
      type: 'withdrawal.received' as const,
      body: { registrations: 'all' as const, subject: symbolicId<never>('individual') },
    }
    expect(world.answerOnLedger(pelle, gone)).toBe('not-assigned')
    expect(world.answerOnLedger(petra, gone)).toBe('accepted')
    expect(world.answerOnLedger(rolf, gone)).toBe('accepted')
  })
  test('on a strand it names that strand’s two sides alone; on one’s own ledger whomever it concerns', () => {
    const { world } = aMutualConsent()
    const gone = (sources: readonly AuthorityId[], recipients: readonly AuthorityId[]) => ({
      type: 'withdrawal.received' as const,
      body: { registrations: 'all' as const, subject: symbolicId<never>('individual'), scope: { sources, recipients } },
    })
    expect(world.answerOnStrand(petra, centrum, gone([centrum], [hisingen]))).toBe('not-a-party-to-flow')
    expect(world.answerOnStrand(petra, centrum, gone([hisingen], [police]))).toBe('not-a-party-to-flow')
    expect(world.answerOnStrand(petra, centrum, gone([centrum], [police]))).toBe('accepted')
    expect(world.answerOnLedger(petra, gone([centrum], [hisingen]))).toBe('accepted')
  })
  test('voids only what widens, of its own chain', () => {
    const { world, cast, toPolice } = aMutualConsent()
    const added = cast.mats.assigns(sara)
    const ended = cast.mats.ends(sara)
    const voided = (of: Hash) => ({ type: 'voided' as const, body: { of } })
    expect(world.answerOnLedger(linnea, voided(added))).toBe('accepted')
    expect(world.answerOnLedger(linnea, voided(ended))).toBe('not-voidable')
    expect(world.answerOnLedger(linnea, voided(toPolice))).toBe('statement-unknown')
    expect(world.answerOnLedger(anders, voided(added))).toBe('not-assigned')
    expect(world.answerOnStrand(linnea, police, voided(toPolice))).toBe('accepted')
  })
  test('nobody upholds or approves her own statement', () => {
    const { world, cast } = aMutualConsent()
    const added = cast.mats.assigns(sara)
    const upheld = (...keeps: Hash[]) => ({ type: 'upheld' as const, body: { keeps, closes: [] } })
    expect(world.answerOnLedger(mats, upheld(added))).toBe('own-benefit')
    expect(world.answerOnLedger(linnea, upheld(added))).toBe('accepted')
    expect(world.answerOnLedger(anders, upheld(added))).toBe('not-assigned')
    expect(world.answerOnLedger(linnea, upheld())).toBe('statement-unknown')
    expect(world.answerOnLedger(linnea, upheld(symbolicHash<Hash>('nothing')))).toBe('statement-unknown')
    expect(world.answerOnLedger(mats, { type: 'approved', body: { of: added } })).toBe('own-benefit')
    expect(world.answerOnLedger(linnea, { type: 'approved', body: { of: added } })).toBe('accepted')
  })
  test('an unknown key ends nothing that exists', () => {
    const { world } = aMutualConsent()
    expect(
      world.answerOnStrand(petra, centrum, { type: 'reception.ended', body: { reception: symbolicId<KeyId>('x') } }),
    ).toBe('accepted')
  })
})

describe('a withdrawal outside its chain', () => {
  const openFrom = (world: World) => flowsAt(world.history, world.at).map((flow) => flow.source)
  const heardBy = (world: World, minutes: number) => {
    const body = { registrations: 'all' as const, subject: symbolicId<never>('individual') }
    const verified = world.next(linnea, world.ledger(linnea), { type: 'withdrawal.received', body })
    const at = addMinutes(world.at, minutes)
    world.history = hear(world.history, { ...verified, statement: { ...verified.statement, at } }, world.at)
  }

  test.each([
    ['a day ahead', 1440],
    ['right', 0],
    ['a day behind', -1440],
  ])('counts from when it was heard, by a clock that is %s', (_, minutes) => {
    const { world } = aMutualConsent()
    world.waitsDays(3)
    expect(openFrom(world)).toContain(centrum)
    heardBy(world, minutes)
    expect(openFrom(world)).toEqual([])
    expect(flowsAt(world.history, addMinutes(world.at, -1))).not.toEqual([])
  })
  test('is told to the sources on the server’s word, also to the one from whose device it came', () => {
    const { world, toPolice } = aMutualConsent()
    world.waitsDays(3)
    expect(project(world.history, world.tenants, world.at)?.withdrawnGrants).toEqual([])
    heardBy(world, 1440)
    expect(project(world.history, world.tenants, world.at)?.withdrawnGrants).toContainEqual({
      grant: toPolice,
      authority: centrum,
      since: world.at,
    })
  })
  test('leaves alone what is registered afterwards', () => {
    const { world, cast } = aMutualConsent()
    world.waitsDays(3)
    heardBy(world, 1440)
    world.waits(1)
    cast.linnea.grants(police, [cast.linnea.registers(mutual(world, centrum, police))])
    expect(openFrom(world)).toEqual([centrum])
  })
})

describe('a statement that was accepted once and is refused now', () => {
  /** Signed by a colleague dated after the end of her key, as none is accepted; then she is removed at the right time. */
  function aFalseStep(saidIn: (world: World) => Parameters<World['next']>[2]) {
    const { world, cast } = aCaseWithPolice()
    cast.mats.assigns(sara)
    const verified = world.next(sara, world.ledger(sara), saidIn(world))
    const later = { ...verified, statement: { ...verified.statement, at: addDays(world.at, 20) } }
    world.endsKey(sara)
    expect(world.answer(later)).toBe('key-ended')
    const kept = keepPlace(world.history, later)
    if (!kept.ok) throw new Error(kept.error)
    world.history = kept.value
    return { world, cast }
  }

  test('says nothing where it widens, and what narrows after it counts', () => {
    const { world, cast } = aFalseStep((of) => ({
      type: 'consent.registered',
      body: registration(of, mutual(of, centrum, police)),
    }))
    expect(registrationsOf(world.history)).toEqual([])
    world.waits(1)
    cast.mats.ends(linnea)
    expect(assignmentSpans(world.history, centrum, linnea.user).at(-1)?.until).toBe(world.at)
  })
  test('counts where it narrows', () => {
    const { world } = aFalseStep(() => ({ type: 'assignment.ended', body: { user: linnea.user, closes: [] } }))
    const until = assignmentSpans(world.history, centrum, linnea.user).at(-1)?.until
    expect(until).toBe(addDays(world.at, 20))
  })
  test('stands in its place or nowhere', () => {
    const { world } = aCaseWithPolice()
    const next = world.next(mats, world.ledger(mats), assignment(world))
    const elsewhere = { ...next, statement: { ...next.statement, n: next.statement.n + 1 } }
    expect(keepPlace(world.history, elsewhere)).toEqual({ ok: false, error: 'out-of-order' })
    expect(keepPlace(world.history, next).ok).toBe(true)
  })
})

describe('a case that exists', () => {
  test('has one owner: no other authority opens its ledger as that, and any may as a party', () => {
    const { world } = aCaseWithPolice()
    const opens = (as: 'owner' | 'party') => ({ type: 'ledger.opened' as const, body: { unit: units.north, as } })
    expect(world.answerOnLedger(hanna, opens('owner'))).toBe('case-opened-already')
    expect(world.answerOnLedger(hanna, opens('party'))).toBe('accepted')
  })
})

describe('a strand names its sender’s own people', () => {
  test('as contacts and as speakers, of whichever standing, and nobody else', () => {
    const { world } = aCaseWithPolice()
    const contacts = (...users: (typeof linnea.user)[]) => ({ type: 'contacts' as const, body: { users } })
    for (const stranger of [petra, hanna, people.karl]) {
      expect(world.answerOnStrand(linnea, police, contacts(linnea.user, stranger.user))).toBe('person-not-certified')
      expect(world.answerOnStrand(mats, police, speakers(stranger.user))).toBe('person-not-certified')
    }
    expect(world.answerOnStrand(linnea, police, contacts(linnea.user, sara.user))).toBe('accepted')
    world.endsKey(sara)
    expect(world.answerOnStrand(mats, police, speakers(linnea.user, sara.user))).toBe('accepted')
  })
  test('the first of whom is named by a receiver, or by one who may open the ledger, for herself', () => {
    const { world } = aCaseWithPolice()
    const foreign = (by: Staff) => {
      const seen = emptyHistory(world.history.case, centrum)
      const next = extend(seen, world.tenants, freshOn(world, by, speakers(by.user)))
      return next.ok ? 'accepted' : next.error
    }
    expect(foreign(tuva)).toBe('not-receiver')
    expect(foreign(petra)).toBe('accepted')
    expect(foreign(rolf)).toBe('accepted')
  })
})

/** The first statement of her strand to Centrum, to somebody who is shown no more than that. */
const freshOn = (world: World, by: Staff, said: ReturnType<typeof speakers>) =>
  signed(world.strand(by, centrum), null, world.at, world.signerOf(by), said, world.heads())
