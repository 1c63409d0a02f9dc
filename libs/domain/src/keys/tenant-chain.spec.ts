// The tenant chain: who may found, certify, renew, replace, end, and change custodians (protocol.md § 3).
import { addDays } from '../instant.ts'
import { certify, errorOf, founding, later, newcomer, police, strictPolice } from '../spec/tenants.ts'
import {
  authorities,
  certification,
  custodian,
  foundingOf,
  people,
  root,
  signed,
  signingOf,
  start,
  symbolicHash,
  symbolicId,
  tenantPlace,
  units,
  World,
} from '../spec/world.ts'
import type { Hash } from '../ids.ts'
import { keyStanding, staffKeyAt } from './staff-key.ts'
import { extendTenant } from './tenant-chain.ts'

describe('founding', () => {
  test('the pinned root founds a tenant', () => {
    expect(founding({ by: 'root', key: root }).ok).toBe(true)
  })
  test('another root founds nothing', () => {
    expect(errorOf(founding({ by: 'root', key: symbolicHash('another root') }))).toBe('signer-not-root')
    expect(errorOf(founding({ by: newcomer.user, key: root }))).toBe('signer-not-root')
  })
  test('a tenant is founded once', () => {
    const world = new World([])
    expect(
      errorOf(
        world.tenantStep('police', { by: 'root', key: root }, { type: 'tenant.founded', body: foundingOf('police') }),
      ),
    ).toBe('already-founded')
  })
  test('nothing comes before the founding', () => {
    const first = signed(tenantPlace('police'), null, start, { by: newcomer.user, key: signingOf('x') }, certify())
    expect(errorOf(extendTenant(null, first, root))).toBe('out-of-order')
  })
  test('a founding in another tenant’s place is refused', () => {
    const verified = signed(
      tenantPlace('prison'),
      null,
      start,
      { by: 'root', key: root },
      { type: 'tenant.founded', body: foundingOf('police') },
    )
    expect(errorOf(extendTenant(null, verified, root))).toBe('wrong-place')
  })
  test('custodians who are too few, or the same twice, are refused', () => {
    const one = custodian('only', authorities.police)
    expect(errorOf(founding({ by: 'root', key: root }, { custodians: [one] }))).toBe('threshold-unsound')
    expect(errorOf(founding({ by: 'root', key: root }, { custodians: [one, one] }))).toBe('threshold-unsound')
    expect(errorOf(founding({ by: 'root', key: root }, { threshold: 0 }))).toBe('threshold-unsound')
  })
})

describe('order', () => {
  test('a statement counts only in its place of the chain', () => {
    const world = new World([])
    const { head } = police(world)
    const by = world.custodianOf('police')
    const step = (place: string, at: typeof start, after: typeof head) =>
      errorOf(extendTenant(police(world), signed(place, after, at, by, certify()), root))
    expect(step(tenantPlace('police'), start, head)).toBe('accepted')
    expect(step(tenantPlace('prison'), start, head)).toBe('wrong-place')
    expect(step(tenantPlace('police'), start, { ...head, n: 4 })).toBe('out-of-order')
    expect(step(tenantPlace('police'), start, { ...head, hash: symbolicHash<Hash>('fork') })).toBe('other-predecessor')
    expect(step(tenantPlace('police'), addDays(start, -1), head)).toBe('time-goes-back')
  })
  test('a case’s statement is none of a tenant’s', () => {
    const world = new World()
    const verified = world.next(people.linnea, world.ledger(people.linnea), {
      type: 'ledger.opened',
      body: { unit: units.sav, as: 'owner' },
    })
    expect(errorOf(extendTenant(police(world), verified, root))).toBe('wrong-place')
  })
})

describe('certification', () => {
  test('a custodian certifies a member of staff', () => {
    const world = new World([])
    expect(staffKeyAt(police(world), newcomer.user, world.at)).toBeNull()
    world.certifies(newcomer, later)
    expect(staffKeyAt(police(world), newcomer.user, world.at)?.signing).toBe(signingOf('newcomer'))
    expect(staffKeyAt(police(world), newcomer.user, later)).toBeNull()
    expect(keyStanding(police(world), signingOf('newcomer'), later).state).toBe('expired')
    expect(keyStanding(police(world), signingOf('nobody'), later).state).toBe('unknown')
  })
  test('staff certify nobody', () => {
    const world = new World()
    expect(errorOf(world.tenantStep('police', world.signerOf(people.rolf), certify()))).toBe('not-custodian')
  })
  test('a custodian of another tenant certifies nobody', () => {
    const world = new World([])
    expect(errorOf(world.tenantStep('police', world.custodianOf('prison'), certify()))).toBe('not-custodian')
  })
  test('a custodian does not certify herself, by her own key or through her own approval', () => {
    const self = { ...newcomer, name: 'police-keys-1', user: symbolicId<typeof newcomer.user>('user police-keys-1') }
    const world = new World([])
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), certify(self, 2)))).toBe('own-benefit')
    const strict = strictPolice()
    strict.tells('police', strict.custodianOf('police', 1), certify(self, 2))
    const waiting = [...police(strict).waiting.keys()][0] ?? symbolicHash<Hash>('none')
    expect(
      errorOf(
        strict.tenantStep('police', strict.custodianOf('police', 0), { type: 'approved', body: { of: waiting } }),
      ),
    ).toBe('own-benefit')
    expect(
      errorOf(
        strict.tenantStep('police', strict.custodianOf('police', 2), { type: 'approved', body: { of: waiting } }),
      ),
    ).toBe('accepted')
  })
  test('nobody is certified into another tenant’s secrecy area', () => {
    const world = new World([])
    const foreign = { ...newcomer, authority: authorities.prison }
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), certify(foreign)))).toBe('authority-unknown')
  })
  test('a certification that ends before it begins is refused', () => {
    const world = new World([])
    const body = certification(newcomer, start)
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), { type: 'key.certified', body }))).toBe(
      'ends-before-it-begins',
    )
  })
  test('a key that is another person’s is not certified again', () => {
    const world = new World()
    const thief = { ...certification(newcomer, later), signing: signingOf('petra') }
    expect(
      errorOf(world.tenantStep('police', world.custodianOf('police'), { type: 'key.certified', body: thief })),
    ).toBe('key-reused')
    const reader = { ...certification(newcomer, later), encryption: certification(people.petra, later).encryption }
    expect(
      errorOf(world.tenantStep('police', world.custodianOf('police'), { type: 'key.certified', body: reader })),
    ).toBe('key-reused')
  })
  test('a renewal keeps the key and moves its end', () => {
    const world = new World([])
    world.certifies(newcomer, addDays(start, 30))
    world.waitsDays(20).certifies(newcomer, later)
    const key = staffKeyAt(police(world), newcomer.user, addDays(start, 40))
    expect(key).toMatchObject({ signing: signingOf('newcomer'), validUntil: later })
    expect(key?.said.map((one) => one.at)).toEqual([start, addDays(start, 20)])
  })
  test('a renewal after the end does not make the time between good', () => {
    const world = new World([])
    world.certifies(newcomer, addDays(start, 30))
    world.waitsDays(40).certifies(newcomer, later)
    expect(staffKeyAt(police(world), newcomer.user, addDays(start, 35))).toBeNull()
    expect(staffKeyAt(police(world), newcomer.user, world.at)).not.toBeNull()
  })
  test('a certification that ends sooner, with fewer roles, counts until its end; the one before it never comes back', () => {
    const world = new World([])
    world.certifies(newcomer, later)
    world.waitsDays(1).certifies({ ...newcomer, roles: ['analyst'] }, addDays(start, 10))
    const at = (days: number) => staffKeyAt(police(world), newcomer.user, addDays(start, days))?.roles
    expect(at(0)).toEqual(['local_coordinator'])
    expect(at(5)).toEqual(['analyst'])
    expect(at(10)).toBeUndefined()
    expect(keyStanding(police(world), signingOf('newcomer'), addDays(start, 20)).state).toBe('expired')
  })
  test('a new key replaces the old one, which never comes back', () => {
    const world = new World([])
    world.certifies(newcomer, later)
    world.waitsDays(1).certifies(newcomer, later, 2)
    expect(staffKeyAt(police(world), newcomer.user, world.at)?.signing).toBe(signingOf('newcomer', 2))
    expect(keyStanding(police(world), signingOf('newcomer', 1), world.at).state).toBe('ended')
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), certify(newcomer, 1)))).toBe('key-reused')
  })
  test('an ended key stands until its end and not after', () => {
    const world = new World([])
    world.certifies(newcomer, later)
    world.waitsDays(1).endsKey(newcomer)
    expect(staffKeyAt(police(world), newcomer.user, start)).not.toBeNull()
    expect(staffKeyAt(police(world), newcomer.user, world.at)).toBeNull()
    const ended = {
      type: 'key.ended' as const,
      body: { user: newcomer.user, signing: signingOf('nobody'), reason: 'left' as const },
    }
    expect(errorOf(world.tenantStep('police', world.custodianOf('police'), ended))).toBe('key-unknown')
  })
})

describe('two certifiers', () => {
  test('a certification waits for a second custodian', () => {
    const world = strictPolice()
    world.tells('police', world.custodianOf('police', 0), certify())
    expect(staffKeyAt(police(world), newcomer.user, world.at)).toBeNull()
    const of = [...police(world).waiting.keys()][0] ?? symbolicHash<Hash>('none')
    expect(
      errorOf(world.tenantStep('police', world.custodianOf('police', 0), { type: 'approved', body: { of } })),
    ).toBe('own-benefit')
    world.waits(5).tells('police', world.custodianOf('police', 1), { type: 'approved', body: { of } })
    expect(staffKeyAt(police(world), newcomer.user, start)).toBeNull()
    expect(staffKeyAt(police(world), newcomer.user, world.at)).not.toBeNull()
    expect(
      errorOf(world.tenantStep('police', world.custodianOf('police', 2), { type: 'approved', body: { of } })),
    ).toBe('approval-of-nothing')
  })
})

describe('custodians', () => {
  const others = ['x', 'y', 'z'].map((name) => custodian(name, authorities.police))
  test('change by the threshold of the present ones', () => {
    const world = strictPolice()
    world.tells('police', world.custodianOf('police', 0), {
      type: 'custodians.set',
      body: { custodians: others, threshold: 2 },
    })
    expect(police(world).custodians).not.toEqual(others)
    const of = [...police(world).waiting.keys()][0] ?? symbolicHash<Hash>('none')
    world.tells('police', world.custodianOf('police', 1), { type: 'approved', body: { of } })
    expect(police(world).custodians).toEqual(others)
    expect(errorOf(world.tenantStep('police', world.custodianOf('police', 0), certify()))).toBe('not-custodian')
  })
  test('too few are refused', () => {
    const world = strictPolice()
    const said = { type: 'custodians.set' as const, body: { custodians: others, threshold: 3 } }
    expect(errorOf(world.tenantStep('police', world.custodianOf('police', 0), said))).toBe('threshold-unsound')
  })
})
