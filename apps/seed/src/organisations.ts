// The organisations of the demo as rows: each board of a kommun is an authority of its own; custodians are found in every one.
import type { AuthorityId, TenantId } from '#libs/domain'
import type { Organisation } from '#libs/persistence'
import type { Demo, DemoTenant, Persona } from './demo-files.ts'
import { tenantKindOf } from './demo-files.ts'
import { authorityIdOf, demoSalt, tenantIdOf, unitIdOf, userIdOf } from './ids.ts'

const boardOf = (tenant: DemoTenant, unit: string): string | null =>
  tenant.units.find((one) => one.id === unit)?.board ?? null

export const authorityOf = (tenant: DemoTenant, unit: string): AuthorityId =>
  authorityIdOf(tenant.id, boardOf(tenant, unit))

function authoritiesOf(tenant: DemoTenant): Organisation['authorities'] {
  const boards = [...new Set(tenant.units.map((unit) => unit.board ?? null))]
  return boards.map((board) => ({
    id: authorityIdOf(tenant.id, board),
    name: board ?? tenant.name,
    units: tenant.units
      .filter((unit) => (unit.board ?? null) === board)
      .map((unit) => ({ id: unitIdOf(unit.id), name: unit.name })),
  }))
}

/** What the identity provider calls a person: her demo id. */
export const subjectOf = (persona: Persona): string => persona.id

/** Every tenant with its staff; `issuerOf` names each tenant's identity provider. */
export function organisationsOf(demo: Demo, issuerOf: (tenant: TenantId) => string): readonly Organisation[] {
  return demo.tenants.map((tenant) => {
    const kind = tenantKindOf[tenant.kind]
    if (kind === undefined) throw new Error(`unknown kind of tenant in the demo: ${tenant.id}`)
    return {
      id: tenantIdOf(tenant.id),
      name: tenant.name,
      kind,
      kommunCode: kind === 'kommun' ? (tenant.code ?? null) : null,
      authorities: authoritiesOf(tenant),
      staff: demo.personas
        .filter((persona) => persona.tenant === tenant.id)
        .map((persona) => ({
          user: userIdOf(persona.id),
          name: persona.name,
          title: persona.title,
          salt: demoSalt(persona.id),
          issuer: issuerOf(tenantIdOf(tenant.id)),
          subject: subjectOf(persona),
          authority: authorityOf(tenant, persona.unit),
          units: [unitIdOf(persona.unit)],
          roles: persona.roles,
        })),
    }
  })
}
