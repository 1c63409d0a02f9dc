// Which organisations there are, who works in one's own authority, and the chains of certified keys.
import type { tenants as contract } from '#libs/contracts'
import { tenants } from '#libs/persistence'
import type { Handler } from '../platform/capability.ts'
import { personAnswer, signedAnswer } from '../platform/answers.ts'

type Table = (typeof contract)['table']

export const directory: Handler<Table['directory']> = async ({ tx, scope }) => {
  const entries = await tenants.directory(tx, scope('directory.read'))
  return {
    tenants: entries.map(({ id, name, kind, authorities }) => ({
      id,
      name,
      kind,
      authorities: authorities.map((authority) => ({
        id: authority.id,
        name: authority.name,
        units: authority.units.map((unit) => ({ id: unit.id, name: unit.name })),
      })),
    })),
  }
}

export const staff: Handler<Table['staff']> = async ({ tx, scope }) => ({
  staff: (await tenants.staffOf(tx, scope('staff.list'))).map(personAnswer),
})

export const chain: Handler<Table['chain']> = async ({ tx, permit }, { params, query }) => {
  const allowed = permit('tenant-chain.read', { about: 'tenant', tenant: params.tenantId })
  const { statements, more } = await tenants.pageChain(tx, allowed, query.from)
  return { statements: statements.map(signedAnswer), more }
}
