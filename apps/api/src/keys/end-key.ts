// A custodian ends a key: lost, compromised, replaced, or its holder has left.
import type { keys as contract } from '#libs/contracts'
import { keys } from '#libs/persistence'
import { checkClock } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem } from '../platform/problem.ts'
import { checkTenantAppend, storeTenantAppend } from './append-to-tenant.ts'

export const endKey: Handler<(typeof contract)['table']['end']> = async (context, { body }) => {
  const checked = await checkTenantAppend(context, body)
  const { statement } = checked.verified
  if (statement.type !== 'key.ended') throw new Problem('statement-refused', { reason: 'type-unknown' })
  checkClock([statement], context.at)
  const key = await keys.keyOf(context.tx, statement.body.signing)
  const person = key !== null && key.user === statement.body.user ? key : null
  const permit = context.permit(
    'key.end',
    person === null
      ? null
      : { about: 'person', user: person.user, tenant: person.tenant, authority: context.actor.authority },
  )
  return storeTenantAppend(context, permit, checked)
}
