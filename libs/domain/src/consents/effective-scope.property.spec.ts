// The laws of effective scope (domain.md § 4 "Properties to test"), over random consents.
import fc from 'fast-check'
import type { Told } from '../cases/case-history.ts'
import type { Hash, RegistrationId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { addDays } from '../instant.ts'
import { grant, terms } from '../spec/deeds.ts'
import { castOf } from '../spec/given.ts'
import { authorities, individual, people, start, World } from '../spec/world.ts'
import type { Category, Purpose } from './categories.ts'
import { flowsAt } from './effective-scope.ts'
import { hear } from '../cases/case-history.ts'

const { centrum, police, prison } = authorities
const sorts: readonly Category[] = ['threat', 'plan', 'identity']
const uses: readonly Purpose[] = ['casework', 'follow_up']

type Plan = {
  readonly way: 'toPolice' | 'toCentrum' | 'toPrison'
  readonly categories: readonly Category[]
  readonly purposes: readonly Purpose[]
  readonly from: number
  readonly days: number
}
type Less = {
  readonly category: Category | null
  readonly purpose: Purpose | null
  readonly way: Plan['way'] | null
  readonly registration: number | null
  readonly day: number
}

const aPlan: fc.Arbitrary<Plan> = fc.record({
  way: fc.constantFrom('toPolice', 'toCentrum', 'toPrison'),
  categories: fc.subarray([...sorts], { minLength: 1 }),
  purposes: fc.subarray([...uses], { minLength: 1 }),
  from: fc.integer({ min: 0, max: 20 }),
  days: fc.integer({ min: 1, max: 40 }),
})
const aLess: fc.Arbitrary<Less> = fc.record({
  category: fc.option(fc.constantFrom(...sorts)),
  purpose: fc.option(fc.constantFrom(...uses)),
  way: fc.option(fc.constantFrom('toPolice', 'toCentrum', 'toPrison')),
  registration: fc.option(fc.nat(3)),
  day: fc.integer({ min: 0, max: 30 }),
})
/** Source and recipient of each way. */
const ends = { toPolice: [centrum, police], toCentrum: [police, centrum], toPrison: [centrum, prison] } as const
const aDay = fc.integer({ min: 0, max: 70 })

/** Centrum, the Police and Kriminalvården in one case; two registered consents that give each way everything. */
function aWorld(): { world: World; registrations: readonly RegistrationId[] } {
  const world = new World()
  const cast = castOf(world)
  cast.linnea.opensCase()
  for (const to of [police, prison]) cast.mats.namesSpeakers(to, people.linnea)
  cast.rolf.opensLedger('party')
  cast.rolf.assigns(people.petra)
  cast.rolf.namesSpeakers(centrum, people.petra)
  const all = { categories: sorts, purposes: uses }
  const flows = [
    terms(world, centrum, police, all),
    terms(world, police, centrum, all),
    terms(world, centrum, prison, all),
  ]
  const first = cast.linnea.registers(flows)
  const second = cast.linnea.registers(flows)
  cast.linnea.shares(first, police)
  cast.linnea.shares(second, police)
  return { world, registrations: [first.registration, second.registration] }
}

function opens(world: World, restsOn: readonly RegistrationId[], plan: Plan): Hash {
  const { categories, purposes, from, days } = plan
  const body = grant(world, restsOn, {
    categories,
    purposes,
    from: addDays(start, from),
    until: addDays(start, from + days),
  })
  const [, to] = ends[plan.way]
  const by = plan.way === 'toCentrum' ? people.petra : people.linnea
  return world.onStrand(by, to, { type: 'grant.opened', body })
}

/** A withdrawal heard by Petra, told as its moment comes. */
function withdraws(world: World, registrations: readonly RegistrationId[], less: Less): void {
  const at = addDays(start, less.day)
  const one = less.registration === null ? undefined : registrations[less.registration % registrations.length]
  const scope = {
    ...(less.category === null ? {} : { categories: [less.category] }),
    ...(less.purpose === null ? {} : { purposes: [less.purpose] }),
    ...(less.way === null ? {} : { sources: [ends[less.way][0]], recipients: [ends[less.way][1]] }),
  }
  const body = { registrations: one === undefined ? ('all' as const) : [one], subject: individual, scope }
  const verified = { ...world.next(people.petra, world.ledger(people.petra), { type: 'withdrawal.received', body }) }
  const told = { ...verified, statement: { ...verified.statement, at } as Told['statement'] }
  world.history = hear(world.history, told, at)
}

/** The ways open on a day, by name. */
function scope(world: World, at: Instant): ReadonlySet<string> {
  return new Set(
    flowsAt(world.history, at).map((flow) => [flow.source, flow.recipient, flow.category, flow.purpose].join(' ')),
  )
}
const onDay = (day: number): Instant => addDays(start, day)
const covers = (wide: ReadonlySet<string>, narrow: ReadonlySet<string>): boolean =>
  [...narrow].every((one) => wide.has(one))
const law = { numRuns: 200 }

test('adding a grant never removes access', () => {
  fc.assert(
    fc.property(fc.array(aPlan, { maxLength: 4 }), aPlan, aDay, (plans, more, day) => {
      const { world, registrations } = aWorld()
      for (const plan of plans) opens(world, registrations, plan)
      const before = scope(world, onDay(day))
      opens(world, registrations, more)
      expect(covers(scope(world, onDay(day)), before)).toBe(true)
    }),
    law,
  )
})

test('narrowing, closing, withdrawing, voiding and the passing of a day never add any', () => {
  fc.assert(
    fc.property(
      fc.array(aPlan, { minLength: 1, maxLength: 4 }),
      aLess,
      fc.constantFrom('narrow', 'close', 'withdraw', 'void', 'leave'),
      aDay,
      (plans, less, how, day) => {
        const { world, registrations } = aWorld()
        const opened = plans.map((plan) => ({ plan, hash: opens(world, registrations, plan) }))
        const before = scope(world, onDay(day))
        const [first] = opened
        if (first === undefined) return
        const by = first.plan.way === 'toCentrum' ? people.petra : people.linnea
        const [, to] = ends[first.plan.way]
        if (how === 'withdraw') withdraws(world, registrations, less)
        else if (how === 'leave') world.onStrand(people.petra, centrum, { type: 'party.left', body: {} })
        else if (how === 'void') world.onStrand(by, to, { type: 'voided', body: { of: first.hash } })
        else if (how === 'close') world.onStrand(by, to, { type: 'grant.closed', body: { grant: first.hash } })
        else
          world.onStrand(by, to, {
            type: 'grant.narrowed',
            body: { grant: first.hash, categories: [less.category ?? 'plan'] },
          })
        expect(covers(before, scope(world, onDay(day)))).toBe(true)
      },
    ),
    law,
  )
})

test('a directed withdrawal takes its own direction and part, and nothing of the other direction or of a third party', () => {
  fc.assert(
    fc.property(
      fc.array(aPlan, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('toPolice', 'toCentrum', 'toPrison'),
      fc.option(fc.constantFrom(...sorts)),
      aDay,
      (plans, way, category, day) => {
        const { world, registrations } = aWorld()
        for (const plan of plans) opens(world, registrations, plan)
        const before = scope(world, onDay(day))
        withdraws(world, registrations, { category, purpose: null, way, registration: 0, day: 0 })
        const [source, recipient] = ends[way]
        const isTaken = (name: string): boolean =>
          name.startsWith(`${source} ${recipient} `) && (category === null || name.split(' ')[2] === category)
        expect([...scope(world, onDay(day))].sort()).toEqual([...before].filter((name) => !isTaken(name)).sort())
      },
    ),
    law,
  )
})

test('the order of independent statements does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(aPlan, { minLength: 2, maxLength: 5 }),
      fc.array(aLess, { maxLength: 2 }),
      aDay,
      (plans, lesses, day) => {
        const told = (order: readonly Plan[], gone: readonly Less[]): ReadonlySet<string> => {
          const { world, registrations } = aWorld()
          for (const plan of order) opens(world, registrations, plan)
          for (const less of gone) withdraws(world, registrations, less)
          return scope(world, onDay(day))
        }
        expect([...told(plans, lesses)].sort()).toEqual([...told(plans.toReversed(), lesses.toReversed())].sort())
      },
    ),
    law,
  )
})

test('outside its validity a grant opens nothing, and confirming twice changes nothing', () => {
  fc.assert(
    fc.property(aPlan, aDay, (plan, day) => {
      const { world, registrations } = aWorld()
      opens(world, registrations, plan)
      const once = scope(world, onDay(day))
      expect(once.size > 0).toBe(plan.from <= day && day < plan.from + plan.days)
      opens(world, registrations, plan)
      expect(scope(world, onDay(day))).toEqual(once)
    }),
    law,
  )
})

test('the scope of A → B never depends on what is said about C → D', () => {
  fc.assert(
    fc.property(fc.array(aPlan, { maxLength: 5 }), aDay, (plans, day) => {
      const of = (order: readonly Plan[]): readonly string[] => {
        const { world, registrations } = aWorld()
        for (const plan of order) opens(world, registrations, plan)
        return [...scope(world, onDay(day))].filter((one) => one.startsWith(`${centrum} ${police}`)).sort()
      }
      expect(of(plans)).toEqual(of(plans.filter((plan) => plan.way === 'toPolice')))
    }),
    law,
  )
})

test('with several givers the scope lies within what each of them gives', () => {
  fc.assert(
    fc.property(aPlan, fc.array(aLess, { maxLength: 3 }), aDay, (plan, lesses, day) => {
      const with_ = (which: readonly number[]): ReadonlySet<string> => {
        const { world, registrations } = aWorld()
        opens(
          world,
          registrations.filter((_, place) => which.includes(place)),
          plan,
        )
        for (const less of lesses) withdraws(world, registrations, less)
        return scope(world, onDay(day))
      }
      const both = with_([0, 1])
      const [one, other] = [with_([0]), with_([1])]
      expect([...both].sort()).toEqual([...one].filter((way) => other.has(way)).sort())
    }),
    law,
  )
})

test('a way opens only by a grant of its own source', () => {
  const { world, registrations } = aWorld()
  const foreign = grant(world, registrations)
  const place = world.strand(people.linnea, police)
  expect(world.answer(world.next(people.petra, place, { type: 'grant.opened', body: foreign }))).toBe(
    'signer-of-another-authority',
  )
  expect(scope(world, onDay(1)).size).toBe(0)
})
