// One's own key, the keys that wait for a custodian, and the wraps that are for oneself.
import type { keys as contract } from '#libs/contracts'
import { cases, keys } from '#libs/persistence'
import { herself } from '#libs/policy'
import type { Handler } from '../platform/capability.ts'

type Table = (typeof contract)['table']

export const own: Handler<Table['own']> = ({ tx, actor, permit }) =>
  keys.ownKey(tx, permit('key.read-own', herself(actor)))

export const pending: Handler<Table['pending']> = async ({ tx, scope }) => {
  const found = await keys.pendingKeys(tx, scope('key.list-pending'))
  return {
    keys: found.map((one) => ({
      ...one,
      roles: [...one.roles],
      units: [...one.units],
      createdAt: one.createdAt.toISOString(),
    })),
  }
}

export const wraps: Handler<Table['wraps']> = async ({ tx, permit }, { params, query }) => {
  const allowed = permit('key.read-wraps', await cases.facts(tx, params.caseId))
  const page = await keys.pageWraps(tx, allowed, query.after ?? null)
  return { wraps: [...page.wraps], more: page.more }
}
