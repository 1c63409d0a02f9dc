// Keys of the demo's staff: made by each in her own client, the tenants founded by the root, everybody certified by a custodian.
import type { Founding, RootFile } from '#libs/client'
import { foundTenant, openRoot } from '#libs/client'
import type { Custodian, Instant } from '#libs/domain'
import { addDays } from '#libs/domain'
import { enterFounding } from '#libs/persistence'
import type { Demo, DemoTenant } from './demo-files.ts'
import { tenantKindOf } from './demo-files.ts'
import { tenantIdOf, userIdOf } from './ids.ts'
import { authorityOf } from './organisations.ts'
import { demoRootPassphrase } from './root.ts'
import type { Staff } from './staff.ts'

/** How long a founding's custodians act before they are certified anew. */
const custodyDays = 730
/** How many custodians have to agree, where there are enough of them. */
const mostNeeded = 2

/** Makes every member's key under her demo passphrase. */
export async function makeKeys(demo: Demo, staff: Staff, progress: (line: string) => void): Promise<void> {
  const { length } = demo.personas
  for (const [place, persona] of demo.personas.entries()) {
    if (place % 5 === 0) progress(`${place} of ${length} keys made`)
    const session = await staff.session(persona.id)
    const { state } = await session.keyStatus()
    if (state === 'none' || state === 'ended') await session.createKey(persona.passphrase)
    else await session.unlock(persona.passphrase)
  }
}

/** A tenant's custodians are named by all its authorities: boards have none of their own. */
async function foundingOf(demo: Demo, tenant: DemoTenant, staff: Staff): Promise<Founding> {
  const kind = tenantKindOf[tenant.kind]
  if (kind === undefined) throw new Error(`unknown kind of tenant in the demo: ${tenant.id}`)
  const authorities = [...new Set(tenant.units.map((unit) => authorityOf(tenant, unit.id)))]
  const custodians: Custodian[] = []
  for (const persona of demo.personas.filter(
    (one) => one.tenant === tenant.id && one.roles.includes('key_custodian'),
  )) {
    const custodian = await (await staff.session(persona.id)).asCustodian()
    if (custodian !== null) custodians.push({ ...custodian, certifies: authorities })
  }
  // One more than the threshold, so that losing one person loses nothing.
  const threshold = Math.min(mostNeeded, custodians.length - 1)
  return { tenant: tenantIdOf(tenant.id), kind, authorities, custodians, threshold, certifiers: 1 }
}

/** Founds every tenant and has all keys certified: nobody by herself. */
export async function certifyAll(input: {
  readonly demo: Demo
  readonly staff: Staff
  readonly root: RootFile
  readonly ownerUrl: string
  readonly at: Instant
  readonly progress: (line: string) => void
}): Promise<void> {
  const { demo, staff, at } = input
  const root = await openRoot(input.root, demoRootPassphrase)
  for (const tenant of demo.tenants) {
    const founding = await foundingOf(demo, tenant, staff)
    const { signed, statement, hash } = await foundTenant(root, founding, at)
    // A founding's custodians act from it; their own certification as staff comes next, each by another.
    const validUntil = addDays(at, custodyDays)
    const keys = founding.custodians.map(({ user, signing }) => ({
      user,
      signing,
      state: 'certified' as const,
      validUntil,
    }))
    await enterFounding(input.ownerUrl, { signed, verified: { statement, hash } }, keys)
    await certifyTenant(demo, tenant, staff)
    input.progress(`${tenant.name}: founded, all keys certified`)
  }
}

async function certifyTenant(demo: Demo, tenant: DemoTenant, staff: Staff): Promise<void> {
  const members = demo.personas.filter((one) => one.tenant === tenant.id)
  const [first, second] = members.filter((one) => one.roles.includes('key_custodian'))
  if (first === undefined || second === undefined) throw new Error(`${tenant.id} needs two custodians`)
  for (const member of members) {
    const custodian = member.id === first.id ? second : first
    const session = await staff.session(custodian.id)
    const shown = (await session.pendingKeys()).find((one) => one.user === userIdOf(member.id))
    if (shown === undefined) throw new Error(`no key of ${member.id} waits`)
    await session.certifyKey(shown)
  }
}
