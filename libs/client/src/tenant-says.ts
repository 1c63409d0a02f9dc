// One's own word at the end of one's tenant's chain, as a custodian has it (protocol.md § 3).
import type { TenantBodies } from '#libs/domain'
import type { Signed, UnsignedStatement } from '#libs/protocol'
import { signStatement } from '#libs/protocol'
import type { Context } from './context.ts'

export async function signTenant<T extends keyof TenantBodies & string>(
  context: Context,
  type: T,
  body: TenantBodies[T],
): Promise<Signed> {
  const me = await context.me()
  const { key } = await context.holder()
  const head = context.tenants.head(me.tenant.id)
  const newest = context.tenants.statements(me.tenant.id).at(-1)?.statement.at ?? null
  const unsigned = {
    place: `tenant/${me.tenant.id}`,
    n: head === null ? 0 : head.n + 1,
    prev: head?.hash ?? null,
    at: context.at(newest),
    by: me.user,
    tenantHeads: {},
    type,
    body,
  } as UnsignedStatement // type and body are of one kind by the signature above
  return (await signStatement(unsigned, key, context.random)).signed
}
