// The operator's hand: entering what was signed off line.
import { enterLaterStatement } from '../../apps/api/src/keys/enter-later-statement.ts'
import { Problem } from '../../apps/api/src/platform/problem.ts'
import type { Given } from './given.ts'

/** Enters what the root or a custodian has signed; answers why it was refused. */
export async function enters(here: Given, signed: Parameters<typeof enterLaterStatement>[2]): Promise<string> {
  const trusted = { root: here.root.public.signing, leastCertifiers: 1 }
  try {
    await enterLaterStatement(here.sluss.database.ownerUrl, trusted, signed)
    return 'entered'
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return problem.details.reason ?? problem.problem
  }
}
