// Who people are: what their certification says of them, and never the server alone (protocol.md § 3 `label`).
import type { Person } from '#libs/contracts'
import { tenants as operations } from '#libs/contracts'
import type { StaffKey, UserId } from '#libs/domain'
import { certifiedAt } from '#libs/domain'
import { labelOf } from '#libs/protocol'
import type { Context, Worked } from './context.ts'
import type { StaffMember } from './views.ts'

/**
 * The certification of a person by the chain that has it, whatever tenant the server says she is of; null where none has, or where
 * several claim her. One's own tenant is asked first: another's custodians have no say about one's colleagues.
 */
async function certifiedAs(context: Context, user: UserId): Promise<StaffKey | null> {
  const own = (await context.me()).tenant.id
  const mine = context.tenants.certified(own, user)
  if (mine !== null) return mine
  const found = [...context.tenants.states.keys()].flatMap((tenant) => context.tenants.certified(tenant, user) ?? [])
  return found.length === 1 ? (found[0] ?? null) : null
}

/** Neither ended nor run out. */
const stands = (context: Context, key: StaffKey): boolean =>
  key.ended === null && certifiedAt(key, context.now()) !== null

/** Name and title where they are the certified ones; secrecy area, units and roles as certified. Nobody certified: a pseudonym. */
async function shown(context: Context, person: Person): Promise<StaffMember> {
  const { user, name, title, salt } = person
  await context.loadTenantOf(person.authority)
  const certified = await certifiedAs(context, user)
  if (certified === null) {
    const key = person.key === 'pending' ? 'pending' : 'none'
    return { user, authority: person.authority, units: [], roles: [], key, name: null, title: null }
  }
  const { authority, units, roles, label } = certified
  const matches = label === (await labelOf(salt, { name, title }))
  const key = stands(context, certified) ? 'certified' : person.key === 'pending' ? 'pending' : 'ended'
  return { user, authority, units, roles, key, name: matches ? name : null, title: matches ? title : null }
}

/** The staff of one's own authority, with what has been certified since they were last asked for. */
export async function colleagues(context: Context): Promise<readonly StaffMember[]> {
  const { staff } = await context.http.call(operations.table.staff)
  await context.tenants.refresh((await context.me()).tenant.id)
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
