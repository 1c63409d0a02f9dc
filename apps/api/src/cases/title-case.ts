// The authority's own working title of a case, sealed in the client; never shared (domain.md § 2).
import type { cases as contract } from '#libs/contracts'
import { cases } from '#libs/persistence'
import type { Handler } from '../platform/capability.ts'

export const titleCase: Handler<(typeof contract)['table']['title']> = async ({ tx, permit }, { params, body }) => {
  await cases.storeTitle(tx, permit('case.title', await cases.facts(tx, params.caseId)), body)
  return {}
}
