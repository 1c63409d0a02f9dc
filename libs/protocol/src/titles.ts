// What lies sealed beside messages: an authority's working title of a case, and drafts on the device. Sealing here, opening in open-titles.ts.
import type { CaseId } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { base64, utf8 } from './bytes.ts'
import { derive, gcmBox, importHkdf, jcs, x25519 } from './primitives.ts'
import type { StaffKey } from './staff-key.ts'
import type { CaseKey } from './wraps.ts'

/** JCS of the text with padding to the next multiple of `bucket`, so that its length tells little. */
function padded(text: string, bucket: number): Bytes {
  const bare = utf8(jcs({ pad: '', text })).length
  return utf8(jcs({ pad: '0'.repeat(Math.ceil(bare / bucket) * bucket - bare), text }))
}

export const titleKey = (epoch: CaseKey, of: CaseId): Promise<Bytes> => derive(epoch.hkdf, 'title', of)

/** A working title under the epoch of the authority's own `plan` compartment: own readers only, never a flow. */
export const sealTitle = async (title: string, of: CaseId, epoch: CaseKey, random: Random): Promise<string> =>
  base64(await gcmBox(await titleKey(epoch, of), random(12), padded(title, 128)))

/** A key that only the holder of a private subkey can compute: X25519 of it with its own public half. Nobody can plant what it opens. */
export async function draftKey(by: StaffKey): Promise<Bytes> {
  const shared = await x25519(by.opener.agree, by.opener.recipient)
  if (shared === null) throw new Error('readPublicKey refuses points of small order')
  return derive(await importHkdf(shared), 'draft', by.public.encryption)
}

/** Unsent text for storage on the device: opened by the same person's key alone. */
export const sealDraft = async (text: string, by: StaffKey, random: Random): Promise<string> =>
  base64(await gcmBox(await draftKey(by), random(12), padded(text, 1024)))
