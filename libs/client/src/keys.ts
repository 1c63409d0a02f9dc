// Staff keys: making, unlocking, certifying and ending them (protocol.md § 3).
import { keys as operations } from '#libs/contracts'
import type { UserId } from '#libs/domain'
import { instant } from '#libs/domain'
import {
  createStaffKey,
  leastPassphraseBits,
  lockPrivateKey,
  passphraseBits,
  proposePassphrase,
  sixWords,
  unlockPrivateKey,
} from '#libs/protocol'
import { certify, endingKeys, pendingKeys, renew } from './certifications.ts'
import type { Context } from './context.ts'
import { SlussProblem } from './problem.ts'
import { signTenant } from './tenant-says.ts'
import type { KeyStatus, SlussSession } from './views.ts'

type KeyCalls = Pick<
  SlussSession,
  | 'keyStatus'
  | 'proposePassphrase'
  | 'createKey'
  | 'unlock'
  | 'lock'
  | 'pendingKeys'
  | 'certifyKey'
  | 'endingKeys'
  | 'renewKey'
  | 'endKey'
>

/** The calls on keys, for one session. */
export function keyCalls(context: Context): KeyCalls {
  const status = async (): Promise<KeyStatus> => {
    const { state, key, validUntil: until } = await context.http.call(operations.table.own)
    const words = key === null ? null : sixWords(key.signing)
    const validUntil = until === null ? null : instant(until)
    if (state !== 'certified') return { state, words, validUntil }
    return { state: context.unlocked?.public.signing === key?.signing ? 'ready' : 'locked', words, validUntil }
  }

  return {
    keyStatus: status,
    proposePassphrase: async () => proposePassphrase(context.random),

    async createKey(passphrase) {
      if (!context.takesInventedPassphrases && passphraseBits(passphrase) < leastPassphraseBits)
        throw new SlussProblem('passphrase-weak', 0)
      const made = await createStaffKey({ random: context.random, at: context.now() })
      const lockedPrivateKey = await lockPrivateKey(made.halves, passphrase)
      const { publicKey, signing, encryption } = made
      await context.http.call(operations.table.create, { body: { publicKey, signing, encryption, lockedPrivateKey } })
      context.unlock(made.key)
      return status()
    },

    async unlock(passphrase) {
      const { key } = await context.http.call(operations.table.own)
      if (key === null) throw new SlussProblem('key-missing', 0)
      const unlocked = await unlockPrivateKey(key.lockedPrivateKey, passphrase, key)
      if (!unlocked.ok) throw new SlussProblem('passphrase-wrong', 0, unlocked.error)
      context.unlock(unlocked.value)
      return status()
    },

    lock: async () => context.lock(),

    pendingKeys: () => pendingKeys(context),
    certifyKey: (shown) => certify(context, shown),
    endingKeys: () => endingKeys(context),
    renewKey: (shown) => renew(context, shown),
    endKey: (user, reason) => end(context, user, reason),
  }
}

async function end(context: Context, user: UserId, reason: 'left' | 'lost' | 'compromised'): Promise<void> {
  const tenant = (await context.me()).tenant.id
  // Ending narrows, so a chain that moved on is no reason to ask again (protocol.md § 4 rule 2).
  for (let attempt = 0; ; attempt += 1) {
    await context.tenants.refresh(tenant)
    const certified = context.tenants.certified(tenant, user)
    if (certified === null) throw new SlussProblem('not-found-here', 0)
    const signed = await signTenant(context, 'key.ended', { user, signing: certified.signing, reason })
    try {
      await context.http.call(operations.table.end, { body: { statements: [signed], wraps: [] } })
      await context.tenants.refresh(tenant)
      return
    } catch (problem) {
      if (!(problem instanceof SlussProblem) || problem.name !== 'ledger-moved-on' || attempt >= 3) throw problem
    }
  }
}
