// Names beside the chains: shown only where they match what the custodian certified (protocol.md § 3 `label`).
import type { Person } from '#libs/contracts'
import { tenants as operations } from '#libs/contracts'
import { labelOf } from '#libs/protocol'
import type { Context, Worked } from './context.ts'
import type { StaffMember } from './views.ts'

async function shown(context: Context, person: Person): Promise<StaffMember> {
  const { user, authority, units, roles, key } = person
  await context.loadTenantOf(authority)
  const certified = context.tenants.certifications(person.tenant).get(user)
  const matches =
    certified === undefined ||
    certified.label === (await labelOf(person.salt, { name: person.name, title: person.title }))
  return {
    user,
    authority,
    units,
    roles,
    key,
    name: matches ? person.name : null,
    title: matches ? person.title : null,
  }
}

/** The staff of one's own authority. */
export async function colleagues(context: Context): Promise<readonly StaffMember[]> {
  const { staff } = await context.http.call(operations.table.staff)
  const members: StaffMember[] = []
  for (const person of staff) members.push(await shown(context, person))
  return members
}

/** Those whom this case names to the reader. */
export async function staffOf(context: Context, worked: Worked): Promise<readonly StaffMember[]> {
  const members: StaffMember[] = []
  for (const person of worked.book.answer?.people ?? []) members.push(await shown(context, person))
  return members
}
