// The rows that the server keeps of a case, and when keys go stale (protocol.md §§ 4–5).
import { addDays, addMinutes } from '../instant.ts'
import { entitled } from '../keys/entitled.ts'
import { epochStanding, flowKeyStanding, receptionStanding } from '../keys/staleness.ts'
import { mutual } from '../spec/deeds.ts'
import { aCaseWithPolice, aKeyedFlow } from '../spec/given.ts'
import { authorities, people } from '../spec/world.ts'
import type { World } from '../spec/world.ts'
import type { AuthorityId, KeyId, UserId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { project } from './projection.ts'
import { holds } from './span.ts'

const { centrum, hisingen, police } = authorities
const { linnea, sara, petra } = people
const rows = (world: World) => {
  const projection = project(world.history, world.tenants, world.at)
  if (projection === null) throw new Error('no case')
  return projection
}
const partiesAt = (world: World, at: Instant): readonly AuthorityId[] =>
  rows(world).parties.flatMap(({ authority, during }) => (during.some((span) => holds(span, at)) ? [authority] : []))
const reads = (world: World, key: KeyId, user: UserId): boolean =>
  rows(world).readers.some(
    (row) => row.key === key && row.user === user && row.from <= world.at && world.at < row.until,
  )
const flowState = (world: World, flow: KeyId) => flowKeyStanding(world.history, world.tenants, flow, world.at).state

test('before the case is opened there are no rows', () => {
  const { world } = aCaseWithPolice()
  expect(project({ ...world.history, chains: new Map() }, world.tenants, world.at)).toBeNull()
  expect(rows(world).case).toMatchObject({ authority: centrum, phase: 'contact' })
})

test('whom two boards have assigned in turn stands by each on its own; one of them bars her from its own work alone', () => {
  const { world, cast } = aCaseWithPolice()
  const hers = () => rows(world).assignments.filter((row) => row.user === sara.user)
  cast.mats.assigns(sara)
  cast.hanna.joins()
  world.waits(1).certifies({ ...sara, authority: hisingen, units: people.henrik.units }, addDays(world.at, 300))
  cast.henrik.assigns(sara)
  expect(hers()).toEqual([
    expect.objectContaining({ authority: centrum, state: 'standing' }),
    expect.objectContaining({ authority: hisingen, state: 'standing' }),
  ])
  cast.mats.bars(sara)
  expect(hers()).toEqual([
    expect.objectContaining({ authority: centrum, state: 'barred' }),
    expect.objectContaining({ authority: hisingen, state: 'standing' }),
  ])
})

test('a keyed flow is read by both sides and by nobody else', () => {
  const { world, epoch, flow, compartment } = aKeyedFlow()
  expect(reads(world, epoch, linnea.user)).toBe(true)
  expect(reads(world, epoch, petra.user)).toBe(false)
  expect(reads(world, flow, petra.user)).toBe(true)
  expect(reads(world, flow, people.pelle.user)).toBe(false)
  expect(rows(world).flows).toEqual([expect.objectContaining({ compartment, recipient: police, key: flow })])
  expect(partiesAt(world, world.at)).toEqual([centrum, police])
})

test('whose last flow ends by the clock is a party until that minute, with no statement said; the owner stays', () => {
  const { world } = aKeyedFlow()
  const last = addDays(world.at, 364)
  const until = rows(world)
    .parties.find(({ authority }) => authority === police)
    ?.during.at(-1)?.until
  if (until === undefined) throw new Error('the Police are a party')
  expect(until <= last).toBe(true)
  expect(partiesAt(world, addMinutes(until, -1))).toEqual([centrum, police])
  expect(partiesAt(world, until)).toEqual([centrum])
})

test.each([
  'the recipient hears a withdrawal',
  'the source narrows',
  'the source closes the grant',
  'the recipient leaves',
  'the source leaves',
  'the owner closes the case',
  'the grant is voided',
  'time passes',
])('the flow ends at once when %s, in the same minute too', (how) => {
  const { world, cast, consent, toPolice, flow, epoch, compartment } = aKeyedFlow()
  expect(flowState(world, flow)).toBe('current')
  if (how === 'the recipient hears a withdrawal') cast.petra.withdraws([consent])
  else if (how === 'the source narrows') cast.linnea.narrows(police, toPolice, { categories: ['threat'] })
  else if (how === 'the source closes the grant') cast.linnea.closes(police, toPolice)
  else if (how === 'the recipient leaves') cast.petra.leaves(centrum)
  else if (how === 'the source leaves') cast.linnea.leaves(police)
  else if (how === 'the owner closes the case')
    world.onLedger(linnea, { type: 'case.closed', body: { phase: 'closed' } })
  else if (how === 'the grant is voided') world.onStrand(linnea, police, { type: 'voided', body: { of: toPolice } })
  else world.waitsDays(364)
  expect(flowState(world, flow)).toBe('stale')
  expect(reads(world, flow, petra.user)).toBe(false)
  expect(entitled(world.history, world.tenants, compartment, world.at).recipients).toEqual([])
  if (how !== 'time passes') expect(reads(world, epoch, linnea.user)).toBe(true)
})

test('a withdrawal that the source has not seen names its grant', () => {
  const { world, cast, consent, toPolice, toCentrum } = aKeyedFlow()
  expect(rows(world).withdrawnGrants).toEqual([])
  cast.linnea.withdraws([consent])
  expect(rows(world).withdrawnGrants.map((one) => one.grant)).toEqual([toCentrum])
  expect(rows(world).withdrawnGrants.map((one) => one.grant)).not.toContain(toPolice)
})

test('an epoch and a reception key are stale from the minute a holder stops reading, also where that is the minute they began', () => {
  const { world, cast, epoch, reception, flow } = aKeyedFlow()
  expect(epochStanding(world.history, world.tenants, epoch, world.at).state).toBe('current')
  cast.rolf.ends(petra)
  expect(receptionStanding(world.history, world.tenants, reception.reception, world.at).state).toBe('stale')
  expect(reads(world, flow, petra.user)).toBe(false)
  cast.mats.ends(linnea)
  expect(epochStanding(world.history, world.tenants, epoch, world.at)).toEqual({ state: 'stale', since: world.at })
  expect(reads(world, epoch, linnea.user)).toBe(false)
})

test('each key ends at its own last minute, with nothing said and nobody gone', () => {
  const { world, cast, compartment, epoch, flow, reception } = aKeyedFlow()
  const { history, tenants } = world
  const lives = {
    epoch: (at: Instant) => epochStanding(history, tenants, epoch, at),
    flow: (at: Instant) => flowKeyStanding(history, tenants, flow, at),
    reception: (at: Instant) => receptionStanding(history, tenants, reception.reception, at),
  }
  for (const [what, days] of [
    ['epoch', 31],
    ['flow', 31],
    ['reception', 62],
  ] as const) {
    const until = addDays(world.at, days)
    expect([what, lives[what](addMinutes(until, -1))]).toEqual([what, { state: 'current', until }])
    expect([what, lives[what](until)]).toEqual([what, { state: 'stale', since: until }])
  }
  // And nothing more is sealed to whoever has let the reception key lapse.
  cast.linnea.grants(police, [cast.linnea.registers(mutual(world, centrum, police))], { until: addDays(world.at, 100) })
  const causes = (at: Instant) => entitled(world.history, tenants, compartment, at).waiting.map(({ cause }) => cause)
  expect(causes(addMinutes(reception.until, -1))).toEqual([])
  expect(causes(reception.until)).toEqual(['key-ended'])
})

test('a colleague reads from when she is given a wrap', () => {
  const { world, cast, epoch, compartment } = aKeyedFlow()
  cast.mats.assigns(sara)
  expect(reads(world, epoch, sara.user)).toBe(false)
  const added = entitled(world.history, world.tenants, compartment, world.at).own.filter(
    (one) => one.user === sara.user,
  )
  cast.linnea.addsWraps(epoch, ...added)
  expect(reads(world, epoch, sara.user)).toBe(true)
})

test('a later grant with what was shared before opens the old flow key again; one without does not', () => {
  for (const includesEarlier of ['none', 'shared-before'] as const) {
    const { world, cast, consent, toPolice, flow } = aKeyedFlow()
    cast.linnea.closes(police, toPolice)
    world.waitsDays(3)
    cast.linnea.grants(police, [consent], { includesEarlier, until: addDays(world.at, 30) })
    expect(reads(world, flow, petra.user)).toBe(includesEarlier === 'shared-before')
    expect(flowState(world, flow)).toBe('stale')
  }
})

test('two overlapping grants carry one flow key, which goes stale when the first of them ends', () => {
  const { world, cast, consent, compartment } = aKeyedFlow()
  cast.linnea.grants(police, [consent], { categories: ['threat'], until: addDays(world.at, 5) })
  const flow = cast.linnea.keysFlow(compartment, police)
  expect(flowState(world, flow)).toBe('current')
  world.waitsDays(5)
  expect(flowState(world, flow)).toBe('stale')
  expect(reads(world, flow, petra.user)).toBe(true)
})

test('a reception key that another has replaced is not published again', () => {
  const { world, cast, reception } = aKeyedFlow()
  const { subject, category, units, publicKey } = reception
  const again = {
    type: 'reception.key' as const,
    body: { reception: reception.reception, subject, category, units, publicKey, until: addDays(world.at, 3) },
  }
  expect(world.answerOnStrand(petra, centrum, again)).toBe('accepted')
  cast.petra.receives(centrum)
  expect(world.answerOnStrand(petra, centrum, again)).toBe('reception-differs')
})
