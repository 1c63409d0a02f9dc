// What the root says after a founding: who follows it, and who takes over from custodians that have lost their threshold (protocol.md § 3).
import type { Fingerprint, Hash } from '../ids.ts'
import { addMinutes } from '../instant.ts'
import type { Signer, TenantSaying } from '../spec/world.ts'
import {
  authorities,
  certification,
  custodian,
  custodiansOf,
  foundingOf,
  root,
  signed,
  staffMember,
  start,
  symbolicHash,
  tenantPlace,
  units,
  World,
} from '../spec/world.ts'
import { replacedBy, replacementHours } from './root-acts.ts'
import { extendTenant } from './tenant-chain.ts'

const theRoot: Signer = { by: 'root', key: root }
const next: Signer = { by: 'root', key: symbolicHash<Fingerprint>('the next root') }
const rotation = (to: Signer): TenantSaying => ({
  type: 'root.rotated',
  body: { signing: to.key, publicKey: 'certificate of the next root' },
})
const another: TenantSaying = { type: 'authority.added', body: { authority: authorities.prison } }
const newcomer = staffMember('newcomer', 'police', authorities.police, [units.region], 'local_coordinator')
const certify: TenantSaying = { type: 'key.certified', body: certification(newcomer, addMinutes(start, 500_000)) }

function answer(world: World, signer: Signer, said: TenantSaying): string {
  const step = world.tenantStep('police', signer, said)
  return step.ok ? 'accepted' : step.error
}
const police = (world: World) => {
  const state = [...world.tenants.values()].find((one) => one.kind === 'police_region')
  if (state === undefined) throw new Error('no Police')
  return state
}

describe('the next root', () => {
  test('is named by the one before it, and says from then on what that one said', () => {
    const world = new World([])
    expect(answer(world, next, another)).toBe('signer-not-root')
    world.tells('police', theRoot, rotation(next))
    expect(answer(world, next, another)).toBe('accepted')
    expect(answer(world, theRoot, another)).toBe('signer-not-root')
  })
  test('is named by nobody else: not by itself, and not by a custodian', () => {
    const world = new World([])
    expect(answer(world, next, rotation(next))).toBe('signer-not-root')
    expect(answer(world, world.custodianOf('police'), rotation(next))).toBe('signer-not-root')
    expect(answer(world, { ...world.custodianOf('police'), by: 'root' }, rotation(next))).toBe('signer-not-root')
    expect(answer(world, theRoot, rotation(theRoot))).toBe('key-reused')
  })
  test('is named once by each: a second rotation by the former root is refused, by the new one it is not', () => {
    const world = new World([])
    world.tells('police', theRoot, rotation(next))
    const third: Signer = { by: 'root', key: symbolicHash<Fingerprint>('the third root') }
    expect(answer(world, theRoot, rotation(third))).toBe('signer-not-root')
    expect(answer(world, next, rotation(third))).toBe('accepted')
  })
  test('founds no tenant anew that is known', () => {
    const world = new World([])
    world.tells('police', theRoot, rotation(next))
    expect(answer(world, next, { type: 'tenant.founded', body: foundingOf('police') })).toBe('already-founded')
    const founding = { type: 'tenant.founded' as const, body: foundingOf('police') }
    expect(extendTenant(null, signed(tenantPlace('police'), null, start, next, founding), root)).toEqual({
      ok: false,
      error: 'signer-not-root',
    })
  })
})

describe('custodians in place of those who have lost their threshold', () => {
  const others = ['x', 'y', 'z'].map((name) => custodian(name, authorities.police, [authorities.police]))
  const replacement: TenantSaying = { type: 'custodians.replaced', body: { custodians: others, threshold: 2 } }
  const [x] = others
  if (x === undefined) throw new Error('three were named')
  const byX: Signer = { by: x.user, key: x.signing }
  const hashOf = (world: World): Hash => police(world).replacement?.hash ?? symbolicHash<Hash>('none')
  const contradiction = (world: World): TenantSaying => ({ type: 'voided', body: { of: hashOf(world) } })

  test('are named by the root alone, and soundly', () => {
    const world = new World([])
    expect(answer(world, world.custodianOf('police'), replacement)).toBe('signer-not-root')
    expect(answer(world, theRoot, { ...replacement, body: { custodians: others, threshold: 3 } })).toBe(
      'threshold-unsound',
    )
    expect(answer(world, theRoot, replacement)).toBe('accepted')
  })
  test('take over after 72 hours by the clock alone, and not a minute before', () => {
    const world = new World([])
    world.tells('police', theRoot, replacement)
    const takesOver = addMinutes(world.at, replacementHours * 60)
    expect(replacedBy(police(world), addMinutes(takesOver, -1)).custodians).toEqual(custodiansOf('police'))
    expect(replacedBy(police(world), takesOver)).toMatchObject({ custodians: others, threshold: 2, replacement: null })
    world.waits(replacementHours * 60 - 1)
    expect(answer(world, byX, certify)).toBe('not-custodian')
    expect(answer(world, world.custodianOf('police'), certify)).toBe('accepted')
    world.waits(1)
    expect(answer(world, byX, certify)).toBe('accepted')
    expect(answer(world, world.custodianOf('police'), certify)).toBe('not-custodian')
  })
  test('do not, where one present custodian contradicts before that; after it nobody can', () => {
    for (const minutes of [replacementHours * 60 - 1, replacementHours * 60]) {
      const world = new World([])
      world.tells('police', theRoot, replacement)
      const contradicted = contradiction(world)
      world.waits(minutes)
      const isInTime = minutes < replacementHours * 60
      expect(answer(world, world.custodianOf('police', 1), contradicted)).toBe(isInTime ? 'accepted' : 'not-custodian')
      if (!isInTime) continue
      world.tells('police', world.custodianOf('police', 1), contradicted)
      world.waits(10)
      expect(answer(world, byX, certify)).toBe('not-custodian')
    }
  })
  test('are contradicted by a custodian whose key stands, of what was said, and by nobody whom the replacement names', () => {
    const world = new World([])
    const wrong: TenantSaying = { type: 'voided', body: { of: symbolicHash<Hash>('something else') } }
    world.tells('police', theRoot, replacement)
    expect(answer(world, world.custodianOf('police'), wrong)).toBe('statement-unknown')
    expect(answer(world, byX, contradiction(world))).toBe('not-custodian')
    const { by, key } = world.custodianOf('police', 1)
    if (by === 'root') throw new Error('a custodian')
    world.tells('police', world.custodianOf('police'), {
      type: 'key.ended',
      body: { user: by, signing: key, reason: 'lost' },
    })
    expect(answer(world, world.custodianOf('police', 1), contradiction(world))).toBe('key-ended')
  })
  test('are not needed where the present ones have set others by their threshold', () => {
    const world = new World([])
    world.tells('police', theRoot, replacement)
    const set = { custodians: custodiansOf('police').slice(0, 2), threshold: 1 }
    world.tells('police', world.custodianOf('police'), { type: 'custodians.set', body: set })
    world.waits(replacementHours * 60)
    expect(answer(world, byX, certify)).toBe('not-custodian')
  })
})
