// What holds of every decision, whatever the actor, the facts and the minute.
import { fc, test as propertyTest } from '@fast-check/jest'
import type { Act, Role } from '#libs/domain'
import { acts, addMinutes, categories, endOfTime, roles } from '#libs/domain'
import type { Actor } from './actor.ts'
import type { ListAct } from './decide.ts'
import { decide, rowsOf, scopeOf } from './decide.ts'
import type { AssignmentFacts, CaseFacts, Facts } from './facts.ts'
import { subjectOf } from './facts.ts'
import { anna, at, bo, boras, police, theCase, theCompartment, theConsent, theThread } from './fixtures.ts'
import type { Condition, Denial, Permit } from './permit.ts'
import { relationNames, relations } from './relations.ts'

const authorities = [boras.board, boras.otherBoard, police.authority]
const units = [boras.unit, boras.otherUnit, police.unit]
const anInstant = () =>
  fc.oneof(
    fc.integer({ min: -200_000, max: 200_000 }).map((minutes) => addMinutes(at, minutes)),
    fc.constant(endOfTime),
  )
const aRole = () => fc.constantFrom(...roles)

const anActor = (): fc.Arbitrary<Actor> =>
  fc.record({
    user: fc.constantFrom(anna, bo),
    tenant: fc.constantFrom(boras.tenant, police.tenant),
    authority: fc.constantFrom(...authorities),
    units: fc.subarray(units),
    roles: fc.uniqueArray(aRole(), { maxLength: 3 }),
    certifiedUntil: fc.option(anInstant(), { nil: null }),
  })

const anAssignment = (): fc.Arbitrary<AssignmentFacts> =>
  fc.oneof(
    fc.constant({ state: 'none' } as const),
    fc.record({
      state: fc.constantFrom('standing', 'standing', 'ended', 'expired'),
      categories: fc.subarray([...categories]),
      until: anInstant(),
    }),
  )

const aCase = (): fc.Arbitrary<CaseFacts> =>
  fc.record({
    about: fc.constant('case'),
    case: fc.constant(theCase),
    owner: fc.constantFrom(...authorities),
    assignment: anAssignment(),
    barred: fc.boolean(),
    party: fc.constantFrom('is', 'is', 'was', 'never'),
    units: fc.option(fc.subarray(units), { nil: null }),
  })

const someFacts = (): fc.Arbitrary<Facts> =>
  fc.oneof(
    aCase(),
    fc.record({
      about: fc.constant('content'),
      in: aCase(),
      thread: fc.constant(theThread),
      compartment: fc.constant(theCompartment),
      key: fc.constant(null),
      source: fc.constantFrom(...authorities),
      category: fc.constantFrom(...categories),
      coverage: fc.constantFrom('own', 'covered', 'former', 'none'),
      until: anInstant(),
      reachesBlockedSubject: fc.boolean(),
    }),
    fc.record({
      about: fc.constant('consent'),
      in: aCase(),
      registration: fc.constant(theConsent),
      heard: fc.constantFrom('registered', 'shared', 'granted', 'none'),
    }),
    fc.record({
      about: fc.constant('opening'),
      case: fc.constant(theCase),
      authority: fc.constantFrom(...authorities),
      unit: fc.constantFrom(...units),
    }),
    fc.record({
      about: fc.constant('person'),
      tenant: fc.constantFrom(boras.tenant, police.tenant),
      user: fc.constantFrom(anna, bo),
      authority: fc.constantFrom(...authorities),
    }),
    fc.record({ about: fc.constant('tenant'), tenant: fc.constantFrom(boras.tenant, police.tenant) }),
  )

/** Any act about such facts. */
const aQuestion = () =>
  fc.record({ actor: anActor(), facts: someFacts(), when: anInstant() }).chain((question) => {
    const about = acts.filter((act) => subjectOf[act] === question.facts.about)
    return fc.constantFrom(...about).map((act) => ({ ...question, act }))
  })

/** The generated facts are those of the act, which the compiler cannot see. */
const ask = (actor: Actor | null, act: Act, facts: Facts | null, when = at): Permit | Denial =>
  decide(actor, act, facts as never, when)
const withCase = (facts: Facts, change: (of: CaseFacts) => CaseFacts): Facts => {
  if (facts.about === 'case') return change(facts)
  return facts.about === 'content' || facts.about === 'consent' ? { ...facts, in: change(facts.in) } : facts
}
const caseIn = (facts: Facts): CaseFacts | null =>
  facts.about === 'case' ? facts : facts.about === 'content' || facts.about === 'consent' ? facts.in : null
const nRuns = { numRuns: 600 }

propertyTest.prop([aQuestion(), fc.nat(500_000)], nRuns)(
  'time alone never opens anything: what is refused stays refused',
  ({ actor, act, facts, when }, minutes) => {
    const later = when === endOfTime ? when : addMinutes(when, minutes)
    if (ask(actor, act, facts, when).answer !== 'yes') expect(ask(actor, act, facts, later).answer).not.toBe('yes')
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'an end is exclusive: at its very minute what it ended is closed',
  ({ actor, act, facts }) => {
    const end = actor.certifiedUntil
    const isOfHerself = facts.about === 'person' || facts.about === 'tenant' || act === 'audit.read'
    if (end !== null && !isOfHerself) expect(ask(actor, act, facts, end).answer).not.toBe('yes')
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'narrowing never opens anything: fewer roles, units, categories, a bar, a lock, no assignment',
  ({ actor, act, facts, when }) => {
    if (ask(actor, act, facts, when).answer === 'yes') return
    const actors: Actor[] = [
      { ...actor, roles: actor.roles.slice(1) },
      { ...actor, units: actor.units.slice(1) },
      { ...actor, certifiedUntil: null },
    ]
    const narrower: Facts[] = [
      withCase(facts, (of) => ({ ...of, barred: true })),
      withCase(facts, (of) => ({ ...of, assignment: { state: 'none' } })),
      withCase(facts, (of) => ({ ...of, party: 'never' })),
      withCase(facts, (of) => (of.party === 'is' ? { ...of, party: 'was' } : of)),
      withCase(facts, (of) =>
        of.assignment.state === 'none'
          ? of
          : { ...of, assignment: { ...of.assignment, categories: of.assignment.categories.slice(1) } },
      ),
      facts.about === 'content' ? { ...facts, coverage: 'none' } : facts,
      facts.about === 'content' ? { ...facts, reachesBlockedSubject: true } : facts,
      facts.about === 'consent' ? { ...facts, heard: 'none' } : facts,
    ]
    for (const one of actors) expect(ask(one, act, facts, when).answer).not.toBe('yes')
    for (const one of narrower) expect(ask(actor, act, one, when).answer).not.toBe('yes')
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'no role and unknown roles do nothing but see and end their own session',
  ({ actor, act, facts, when }) => {
    for (const held of [[], ['owner'], ['*'], ['all'], ['manage'], ['constructor'], ['__proto__']]) {
      const decision = ask({ ...actor, roles: held as readonly string[] as readonly Role[] }, act, facts, when)
      if (act !== 'session.read' && act !== 'session.end') expect(decision.answer).toBe('absent')
    }
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'nobody who was never in the case, and receives nothing, learns that it is there',
  ({ actor, act, facts, when }) => {
    const of = caseIn(facts)
    if (of === null) return
    const stranger = withCase(facts, (before) => ({ ...before, assignment: { state: 'none' }, party: 'never' }))
    expect(ask(actor, act, stranger, when)).toEqual({ answer: 'absent', act, problem: 'not-found' })
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'one who is not signed in is told so and nothing else, whatever there is',
  ({ act, facts, when }) => {
    expect(ask(null, act, facts, when)).toEqual({ answer: 'anonymous', act, problem: 'not-signed-in' })
    expect(ask(null, act, null, when)).toEqual({ answer: 'anonymous', act, problem: 'not-signed-in' })
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'content never readable is absent: the answer is that of an unknown id',
  ({ actor, facts, when }) => {
    if (facts.about !== 'content') return
    const closed = { ...facts, coverage: 'none' } as const
    for (const act of ['message.read', 'cursor.move', 'cursor.list'] as const) {
      expect(decide(actor, act, closed, when)).toEqual(decide(actor, act, null, when))
    }
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'a role taken for many gives what its roles give one by one',
  ({ actor, act, facts, when }) => {
    const alone = actor.roles.map((role) => ask({ ...actor, roles: [role] }, act, facts, when).answer === 'yes')
    // Writing asks for a role that writes the category and a role that may send; both may be held by one person in two roles.
    if (act !== 'message.send' && act !== 'session.read' && act !== 'session.end') {
      expect(ask(actor, act, facts, when).answer === 'yes').toBe(alone.includes(true))
    }
  },
)

propertyTest.prop([aQuestion()], nRuns)(
  'a permit carries the ids of what was asked about and of nothing else',
  ({ actor, act, facts, when }) => {
    const decision = ask(actor, act, facts, when)
    if (decision.answer !== 'yes') return
    expect(decision).toMatchObject({ act, actor, at: when })
    expect(decision.ids).toMatchObject(caseIn(facts) === null ? {} : { case: theCase })
  },
)

propertyTest.prop([anActor(), someFacts(), anInstant(), fc.constantFrom(...(Object.keys(rowsOf) as ListAct[]))], nRuns)(
  'a list holds a row exactly when the act by which it lists is allowed on it',
  (actor, facts, when, act) => {
    if (facts.about !== subjectOf[rowsOf[act]]) return
    const scope = scopeOf(actor, act, when)
    const isListed =
      scope.answer === 'scope' && scope.condition !== null && holds(scope.condition, { actor, facts, at: when })
    expect(isListed).toBe(ask(actor, rowsOf[act], facts, when).answer === 'yes')
  },
)

function holds(condition: Condition, question: Parameters<(typeof relations)['assigned']>[0]): boolean {
  if (condition.operator === 'relation')
    return relationNames.some((name) => name === condition.name && relations[name](question))
  const parts = condition.value.map((part) => holds(part, question))
  return condition.operator === 'and' ? !parts.includes(false) : parts.includes(true)
}
