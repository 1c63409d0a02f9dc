// Keeps a new staff key: the public half in its one form, the private half only under Argon2 (protocol.md § 3).
import type { keys as contract } from '#libs/contracts'
import { keys } from '#libs/persistence'
import { herself } from '#libs/policy'
import { checkLockedPrivateKey, readPublicKey } from '#libs/protocol/verify'
import type { Handler } from '../platform/capability.ts'
import { Problem, unwrapStatement } from '../platform/problem.ts'

export const createKey: Handler<(typeof contract)['table']['create']> = async ({ tx, actor, permit }, { body }) => {
  const allowed = permit('key.create', herself(actor))
  const key = unwrapStatement(await readPublicKey(body.publicKey))
  if (key.signing !== body.signing || key.encryption !== body.encryption)
    throw new Problem('statement-refused', { reason: 'fingerprint-differs' })
  unwrapStatement(await checkLockedPrivateKey(body.lockedPrivateKey, body))
  await keys.storeOwnKey(tx, allowed, body)
  return { state: 'pending' }
}
