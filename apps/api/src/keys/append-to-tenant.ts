// The way in for statements of a tenant chain: verified, folded from the root, stored with how the keys stand afterwards.
import type { Append } from '#libs/contracts'
import type { Hash, TenantState, TenantStates, Verified } from '#libs/domain'
import { extendTenant, instantOf, millisecondsOf, project } from '#libs/domain'
import type { Permit } from '#libs/policy'
import { cases, keys } from '#libs/persistence'
import type { Context } from '../platform/context.ts'
import type { Platform } from '../platform/platform.ts'
import { Problem, unwrapStatement } from '../platform/problem.ts'

type Working = Context & { readonly platform: Platform }
type Standing = Parameters<typeof keys.storeTenantAppend>[2]['keys'][number]

export type TenantAppend = {
  readonly append: Append
  readonly verified: Verified
  readonly before: TenantState
  readonly tenants: TenantStates
}

/** The one statement of the request, signed by the actor for her own tenant's chain, which is locked until the end. */
export async function checkTenantAppend(context: Working, append: Append): Promise<TenantAppend> {
  const { platform, tx, actor } = context
  const [signed, second] = append.statements
  if (signed === undefined || second !== undefined || append.wraps.length > 0)
    throw new Problem('statement-refused', { reason: 'shape-wrong' })
  await keys.lockTenantChain(tx)
  const tenants = await platform.chains.at(tx)
  const before = tenants.get(actor.tenant)
  if (before === undefined) throw new Problem('not-found')
  const verified = await platform.chains.verified(signed)
  const { place, by } = verified.statement
  if (place !== `tenant/${actor.tenant}`) throw new Problem('statement-refused', { reason: 'wrong-place' })
  if (by !== actor.user) throw new Problem('statement-refused', { reason: 'signer-differs' })
  return { append, verified, before, tenants }
}

/** The statement that an approval names, while it waits. */
export const waitingFor = ({ before }: TenantAppend, of: Hash): Verified['statement'] | null =>
  before.waiting.get(of)?.verified.statement ?? null

/** Stores the statement; who reads in the cases of the person concerned changes in the same transaction. */
export async function storeTenantAppend(
  context: Working,
  permit: Permit<'key.certify'> | Permit<'key.end'>,
  { append, verified, before, tenants: known }: TenantAppend,
): Promise<{ heads: Record<string, { n: number; hash: Hash }>; acceptedAt: string }> {
  const { tx, platform, actor } = context
  const [signed] = append.statements
  if (signed === undefined) throw new Error('an append without a statement was checked')
  const after = unwrapStatement(extendTenant(before, verified, platform.settings.rootFingerprint))
  const stored = await keys.storeTenantAppend(tx, permit, {
    statements: [{ signed, verified }],
    keys: changedKeys(before, after),
  })
  const tenants = new Map(known).set(actor.tenant, after)
  const said = { at: new Date(millisecondsOf(verified.statement.at)) }
  const concerned = await cases.projectCasesOfChangedKeys(tx, permit, said, (caseId) => (history, at) => {
    const folded = platform.folds.fold(caseId, tenants, history, new Set())
    const projection = project(folded, tenants, instantOf(at.getTime()))
    if (projection === null) throw new Error('an assignment in a case that nobody has opened')
    return projection
  })
  for (const caseId of concerned) context.enqueue(() => platform.live.tellOf(caseId))
  return { heads: { ...stored.heads }, acceptedAt: stored.acceptedAt.toISOString() }
}

function changedKeys(before: TenantState, after: TenantState): readonly Standing[] {
  return [...after.keys.values()].flatMap((key): Standing[] => {
    if (before.keys.get(key.signing) === key) return []
    const { user, signing, validUntil, ended } = key
    return [{ user, signing, validUntil, state: ended === null ? 'certified' : 'ended' }]
  })
}
