// A custodian certifies a colleague's key, or approves such a certification (protocol.md § 3).
import type { keys as contract } from '#libs/contracts'
import type { TenantBodies } from '#libs/domain'
import { keys } from '#libs/persistence'
import type { FactsOf } from '#libs/policy'
import { checkClock } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import type { Context } from '../platform/context.ts'
import { Problem } from '../platform/problem.ts'
import type { TenantAppend } from './append-to-tenant.ts'
import { checkTenantAppend, storeTenantAppend, waitingFor } from './append-to-tenant.ts'

type Certified = TenantBodies['key.certified']

export const certifyKey: Handler<(typeof contract)['table']['certify']> = async (context, { body }) => {
  const checked = await checkTenantAppend(context, body)
  const certified = certifiedBy(checked)
  checkClock([checked.verified.statement], context.at)
  const permit = context.permit('key.certify', await personFacts(context, certified))
  return storeTenantAppend(context, permit, checked)
}

function certifiedBy(checked: TenantAppend): Certified {
  const { statement } = checked.verified
  if (statement.type === 'key.certified') return statement.body
  if (statement.type !== 'approved') throw new Problem('statement-refused', { reason: 'type-unknown' })
  const waiting = waitingFor(checked, statement.body.of)
  if (waiting?.type !== 'key.certified') throw new Problem('statement-refused', { reason: 'approval-of-nothing' })
  return waiting.body
}

/** The person whose key this is, if it is the very key that she made; what the certification says of her is compared with it. */
async function personFacts({ tx }: Context, certified: Certified): Promise<FactsOf<'key.certify'> | null> {
  const key = await keys.keyOf(tx, certified.signing)
  if (key === null || key.user !== certified.user) return null
  if (key.publicKey !== certified.publicKey || key.encryption !== certified.encryption)
    throw new Problem('statement-refused', { reason: 'fingerprint-differs' })
  return { about: 'person', user: key.user, tenant: key.tenant, authority: certified.authority }
}
