// The staff that suites work with, by their demo names, and what they are to each other.
import { authorityIdOf, tenantIdOf, unitIdOf, userIdOf } from '../../apps/seed/src/ids.ts'
import type { Demo, Persona } from '../../apps/seed/src/demo-files.ts'
import { authorityOf } from '../../apps/seed/src/organisations.ts'
import type { AuthorityId, TenantId, UnitId, UserId } from '#libs/domain'

/** Two custodians of each tenant have to be among those that a suite asks for: nobody certifies her own key. */
export type Name =
  | 'linnea'
  | 'osman'
  | 'mehmet'
  | 'erika'
  | 'joakim'
  | 'ida'
  | 'nermina'
  | 'patrik'
  | 'cecilia'
  | 'mirjam'
  | 'dragan'
  | 'helena'
  | 'gunvor'
  | 'samuel'
  | 'nadja'
  | 'robin'
  | 'tove'
  | 'hassan'

export type Identity = {
  readonly name: Name
  readonly persona: Persona
  readonly user: UserId
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly unit: UnitId
  readonly isCustodian: boolean
}

export function identityOf(demo: Demo, name: Name): Identity {
  const persona = demo.personas.find((one) => one.id === `p-${name}`)
  const tenant = demo.tenants.find((one) => one.id === persona?.tenant)
  if (persona === undefined || tenant === undefined) throw new Error(`nobody is called ${name} in the demo`)
  return {
    name,
    persona,
    user: userIdOf(persona.id),
    tenant: tenantIdOf(tenant.id),
    authority: authorityOf(tenant, persona.unit),
    unit: unitIdOf(persona.unit),
    isCustodian: persona.roles.includes('key_custodian'),
  }
}

export const boras = authorityIdOf('t-boras', 'Individ- och familjeomsorgsnämnden')
export const police = authorityIdOf('t-polis-vast', null)
export const kriminalvarden = authorityIdOf('t-kv', null)
export const centrum = authorityIdOf('t-goteborg', 'Socialnämnd Centrum')
export const hisingen = authorityIdOf('t-goteborg', 'Socialnämnd Hisingen')
