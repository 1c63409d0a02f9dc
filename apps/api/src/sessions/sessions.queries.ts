// The choice of organisation before signing in, and who one is afterwards.
import type { sessions } from '#libs/contracts'
import { tenants } from '#libs/persistence'
import { herself } from '#libs/policy'
import type { Handler } from '../platform/capability.ts'
import { Problem } from '../platform/problem.ts'
import { endsAt } from '../platform/session.ts'

type Table = (typeof sessions)['table']

/** The organisations at whose provider one can sign in. */
export const signInTenants: Handler<Table['tenants']> = async ({ tx, permit, platform }) => {
  const all = await tenants.signInTenants(tx, permit('tenant.choose', null))
  return { tenants: all.filter(({ id }) => platform.settings.identityProviders.has(id)) }
}

export const me: Handler<Table['me']> = async ({ tx, actor, permit, platform }, _input, request) => {
  const profile = await tenants.findProfile(tx, permit('session.read', herself(actor)))
  const { signedIn } = request.session
  if (signedIn === undefined) throw new Problem('not-signed-in')
  return {
    user: actor.user,
    name: profile.name,
    title: profile.title,
    tenant: profile.tenant,
    authority: profile.authority,
    units: [...profile.units],
    roles: [...actor.roles],
    idleMinutes: platform.settings.idleMinutes,
    endsAt: endsAt(signedIn, platform.settings).toISOString(),
  }
}
