// What specs of tenant chains begin with: the Police as founded, somebody to certify, and what a step comes to.
import type { Fingerprint } from '../ids.ts'
import { addDays } from '../instant.ts'
import { extendTenant } from '../keys/tenant-chain.ts'
import {
  authorities,
  certification,
  foundingOf,
  root,
  signed,
  staffMember,
  start,
  tenantPlace,
  units,
  World,
} from './world.ts'

export const later = addDays(start, 300)
export const newcomer = staffMember('newcomer', 'police', authorities.police, [units.region], 'local_coordinator')
export const police = (world: World) => {
  const state = [...world.tenants.values()].find((one) => one.kind === 'police_region')
  if (state === undefined) throw new Error('no Police')
  return state
}
export const certify = (staff = newcomer, generation = 1) => ({
  type: 'key.certified' as const,
  body: certification(staff, later, generation),
})
export const errorOf = (step: ReturnType<typeof extendTenant>) => (step.ok ? 'accepted' : step.error)
export const founding = (by: { by: 'root' | typeof newcomer.user; key: Fingerprint }, change = {}) =>
  extendTenant(
    null,
    signed(tenantPlace('police'), null, start, by, { type: 'tenant.founded', body: foundingOf('police', change) }),
    root,
  )

/** The Police with two certifiers and a threshold of two. */
export function strictPolice(): World {
  const world = new World([])
  const step = founding({ by: 'root', key: root }, { certifiers: 2, threshold: 2 })
  if (!step.ok) throw new Error(step.error)
  world.tenants = new Map(world.tenants).set(step.value.tenant, step.value)
  return world
}
