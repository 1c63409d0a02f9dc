// Who certifies together with whom, and what becomes of what waits for others (protocol.md § 3).
import { addDays } from '../instant.ts'
import { certify, errorOf, founding, later, newcomer, police, strictPolice } from '../spec/tenants.ts'
import {
  authorities,
  certification,
  custodian,
  custodiansOf,
  foundingOf,
  people,
  root,
  signed,
  signingOf,
  start,
  symbolicHash,
  symbolicId,
  tenantPlace,
  World,
} from '../spec/world.ts'
import type { Fingerprint, Hash } from '../ids.ts'
import { staffKeyAt } from './staff-key.ts'
import { extendTenant } from './tenant-chain.ts'

describe('secrecy areas', () => {
  const area = symbolicId<typeof authorities.police>('authority new')
  const added = (authority = area) => ({ type: 'authority.added' as const, body: { authority } })
  test('only the root adds one', () => {
    const world = new World([])
    for (const by of [0, 1, 2].map((place) => world.custodianOf('police', place)))
      expect(errorOf(world.tenantStep('police', by, added(authorities.prison)))).toBe('signer-not-root')
    expect(errorOf(world.tenantStep('police', { by: 'root', key: symbolicHash('another root') }, added()))).toBe(
      'signer-not-root',
    )
    world.tells('police', { by: 'root', key: root }, added())
    // Nobody certifies into it before it has named somebody.
    const intoIt = certify({ ...newcomer, authority: area })
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), intoIt))).toBe('not-custodian')
    const named = custodiansOf('police').map((one) => ({ ...one, certifies: [...one.certifies, area] }))
    world.tells('police', world.custodianOf('police'), {
      type: 'custodians.set',
      body: { custodians: named, threshold: 1 },
    })
    world.tells('police', world.custodianOf('police'), intoIt)
    expect(staffKeyAt(police(world), newcomer.user, world.at)?.authority).toBe(area)
    expect(errorOf(world.tenantStep('police', { by: 'root', key: root }, added()))).toBe('authority-known-already')
  })
  test('a custodian certifies for the authorities that have named her, and for no others of the tenant', () => {
    const { centrum, hisingen } = authorities
    const named = ['c', 'd'].map((name) => custodian(name, centrum))
    const both = custodian('e', centrum, [centrum, hisingen])
    const world = new World([])
    const step = extendTenant(
      null,
      signed(
        tenantPlace('goteborg'),
        null,
        start,
        { by: 'root', key: root },
        {
          type: 'tenant.founded',
          body: foundingOf('goteborg', { custodians: [...named, both], certifiers: 2 }),
        },
      ),
      root,
    )
    if (!step.ok) throw new Error(step.error)
    world.tenants = new Map(world.tenants).set(step.value.tenant, step.value)
    const byOf = ({ user, signing }: (typeof named)[number]) => ({ by: user, key: signing })
    const [c] = named
    if (c === undefined) throw new Error('nobody is named')
    const [here, there] = [centrum, hisingen].map((authority) => certify({ ...newcomer, authority }))
    if (here === undefined || there === undefined) throw new Error('two places')
    expect(errorOf(world.tenantStep('goteborg', byOf(c), here))).toBe('accepted')
    expect(errorOf(world.tenantStep('goteborg', byOf(c), there))).toBe('not-custodian')
    // Nor does she approve what another has begun there.
    world.tells('goteborg', byOf(both), there)
    const of = [...(world.tenants.get(step.value.tenant)?.waiting.keys() ?? [])][0] ?? symbolicHash<Hash>('none')
    expect(errorOf(world.tenantStep('goteborg', byOf(c), { type: 'approved', body: { of } }))).toBe('not-custodian')
  })
  test('nobody is named for an authority of another tenant', () => {
    const custodians = custodiansOf('police').map((one) => ({ ...one, certifies: [authorities.prison] }))
    expect(errorOf(founding({ by: 'root', key: root }, { custodians }))).toBe('authority-unknown')
  })
  test('the root says nothing else after the founding', () => {
    const world = new World([])
    expect(errorOf(world.tenantStep('police', { by: 'root', key: root }, certify()))).toBe('not-custodian')
  })
})

describe('guests', () => {
  const own = [1, 2, 3].map((place) => custodian(`police-keys-${place}`, authorities.police))
  const guests = ['g', 'h'].map((name) => custodian(name, authorities.prison, [authorities.police]))
  const by = ({ user, signing }: { user: typeof newcomer.user; signing: Fingerprint }) => ({ by: user, key: signing })
  const withGuests = (change: object): World => {
    const world = new World([])
    const step = founding({ by: 'root', key: root }, change)
    if (!step.ok) throw new Error(step.error)
    world.tenants = new Map(world.tenants).set(step.value.tenant, step.value)
    return world
  }
  test('together never reach the threshold', () => {
    const custodians = [...own, ...guests]
    expect(errorOf(founding({ by: 'root', key: root }, { custodians, threshold: 2 }))).toBe('threshold-unsound')
    expect(errorOf(founding({ by: 'root', key: root }, { custodians, threshold: 3 }))).toBe('accepted')
  })
  test('certify nobody without one of the tenant’s own, where one is enough and where two are needed', () => {
    for (const certifiers of [1, 2]) {
      const world = withGuests({ custodians: [...own, ...guests], threshold: 3, certifiers })
      for (const guest of guests) {
        const of = [...police(world).waiting.keys()][0]
        world.tells('police', by(guest), of === undefined ? certify() : { type: 'approved', body: { of } })
        expect(staffKeyAt(police(world), newcomer.user, world.at)).toBeNull()
      }
      const [of = symbolicHash<Hash>('none')] = police(world).waiting.keys()
      world.tells('police', world.custodianOf('police'), { type: 'approved', body: { of } })
      expect(staffKeyAt(police(world), newcomer.user, world.at)).not.toBeNull()
    }
  })
})

test('a key is certified by those named after three changes of custodians, and by none of those before', () => {
  const world = new World([])
  let signer = world.custodianOf('police')
  for (const turn of [1, 2, 3]) {
    const custodians = ['x', 'y'].map((name) => custodian(`${name}-${turn}`, authorities.police))
    world.tells('police', signer, { type: 'custodians.set', body: { custodians, threshold: 1 } })
    expect(errorOf(world.tenantStep('police', signer, certify()))).toBe('not-custodian')
    const [next] = custodians
    if (next === undefined) throw new Error('no custodian')
    signer = { by: next.user, key: next.signing }
  }
  world.tells('police', signer, certify())
  expect(staffKeyAt(police(world), newcomer.user, world.at)?.signing).toBe(signingOf('newcomer'))
})

describe('what waits', () => {
  const waitingOf = (world: World): readonly Hash[] => [...police(world).waiting.keys()]
  const approval = (of: Hash | undefined) => ({
    type: 'approved' as const,
    body: { of: of ?? symbolicHash<Hash>('none') },
  })
  const endOf = (place: number, world: World) => {
    const { by, key } = world.custodianOf('police', place)
    return {
      type: 'key.ended' as const,
      body: { user: by as typeof newcomer.user, signing: key, reason: 'left' as const },
    }
  }
  test('falls with the custodians who proposed it', () => {
    const world = strictPolice()
    world.tells('police', world.custodianOf('police', 2), certify())
    const [proposed] = waitingOf(world)
    const custodians = ['x', 'y', 'z'].map((name) => custodian(name, authorities.police))
    world.tells('police', world.custodianOf('police', 0), {
      type: 'custodians.set',
      body: { custodians, threshold: 2 },
    })
    world.tells('police', world.custodianOf('police', 1), approval(waitingOf(world)[1]))
    expect(waitingOf(world)).toEqual([])
    const [x] = custodians
    if (x === undefined) throw new Error('no custodian')
    expect(errorOf(world.tenantStep('police', { by: x.user, key: x.signing }, approval(proposed)))).toBe(
      'approval-of-nothing',
    )
  })
  test('falls with the key that proposed it', () => {
    const world = strictPolice()
    world.tells('police', world.custodianOf('police', 0), certify())
    const [proposed] = waitingOf(world)
    world.tells('police', world.custodianOf('police', 1), endOf(0, world))
    expect(errorOf(world.tenantStep('police', world.custodianOf('police', 2), approval(proposed)))).toBe(
      'approval-of-nothing',
    )
    expect(errorOf(world.tenantStep('police', world.custodianOf('police', 0), certify()))).toBe('key-ended')
  })
  test('loses the approvals of a key that ends', () => {
    const world = new World([])
    const five = [1, 2, 3, 4].map((place) => custodian(`police-keys-${place}`, authorities.police))
    const step = founding({ by: 'root', key: root }, { custodians: five, threshold: 3 })
    if (!step.ok) throw new Error(step.error)
    world.tenants = new Map(world.tenants).set(step.value.tenant, step.value)
    const others = ['x', 'y'].map((name) => custodian(name, authorities.police))
    world.tells('police', world.custodianOf('police', 0), {
      type: 'custodians.set',
      body: { custodians: others, threshold: 1 },
    })
    const [proposed] = waitingOf(world)
    world.tells('police', world.custodianOf('police', 1), approval(proposed))
    world.tells('police', world.custodianOf('police', 2), endOf(1, world))
    world.tells('police', world.custodianOf('police', 2), approval(proposed))
    expect(police(world).custodians).toEqual(five)
  })
  test('is judged again when it is approved', () => {
    const expired = strictPolice()
    const body = certification(newcomer, addDays(start, 1))
    expired.tells('police', expired.custodianOf('police', 0), { type: 'key.certified', body })
    expired.waitsDays(2)
    expect(
      errorOf(expired.tenantStep('police', expired.custodianOf('police', 1), approval(waitingOf(expired)[0]))),
    ).toBe('ends-before-it-begins')
    const gone = strictPolice()
    gone.tells('police', gone.custodianOf('police', 0), {
      type: 'key.certified',
      body: {
        ...certification(newcomer, later),
        signing: gone.custodianOf('police', 2).key,
        user: gone.custodianOf('police', 2).by as typeof newcomer.user,
      },
    })
    gone.tells('police', gone.custodianOf('police', 1), endOf(2, gone))
    expect(errorOf(gone.tenantStep('police', gone.custodianOf('police', 1), approval(waitingOf(gone)[0])))).toBe(
      'key-reused',
    )
  })
  test('two certifications of one key never both take effect', () => {
    for (const user of [newcomer.user, people.rolf.user]) {
      const world = strictPolice()
      world.tells('police', world.custodianOf('police', 0), certify())
      world.tells('police', world.custodianOf('police', 0), {
        type: 'key.certified',
        body: { ...certification(newcomer, later), user, roles: ['regional_coordinator'] },
      })
      const [first, second] = waitingOf(world)
      world.tells('police', world.custodianOf('police', 1), approval(second))
      expect(errorOf(world.tenantStep('police', world.custodianOf('police', 1), approval(first)))).toBe(
        'approval-of-nothing',
      )
      expect(staffKeyAt(police(world), user, world.at)?.roles).toEqual(['regional_coordinator'])
    }
  })
  test('a custodian’s key is nobody else’s, and no ended or foreign key makes a custodian', () => {
    const world = new World()
    const thief = { ...certification(newcomer, later), signing: world.custodianOf('police', 2).key }
    expect(
      errorOf(world.tenantStep('police', world.custodianOf('police'), { type: 'key.certified', body: thief })),
    ).toBe('key-reused')
    const [x, y] = ['x', 'y'].map((name) => custodian(name, authorities.police))
    if (x === undefined || y === undefined) throw new Error('no custodian')
    const set = (signing: Fingerprint) => ({
      type: 'custodians.set' as const,
      body: { custodians: [{ ...x, signing }, y], threshold: 1 },
    })
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), set(signingOf('petra'))))).toBe('key-reused')
    world.endsKey(people.petra)
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), set(signingOf('petra'))))).toBe('key-reused')
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), set(signingOf('x'))))).toBe('accepted')
  })
})
