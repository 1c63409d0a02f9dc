// What an installation pins beside the build: the fingerprint of the root that founds organisations (protocol.md § 3).
import type { Fingerprint } from '#libs/domain'
import { hash, isHash } from '#libs/domain'

export type Configuration = { readonly rootFingerprint: Fingerprint }

/** Reads `/configuration.json`, laid beside the built client by the installation; refuses to start on anything else. */
export async function readConfiguration(origin: string): Promise<Configuration> {
  const response = await fetch(`${origin}/configuration.json`, { cache: 'no-store' })
  if (!response.ok) throw Object.assign(new Error('no configuration'), { name: 'unavailable', status: response.status })
  const read: unknown = await response.json()
  const fingerprint: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, 'rootFingerprint') : null
  if (typeof fingerprint !== 'string' || !isHash(fingerprint))
    throw Object.assign(new Error('no root fingerprint'), { name: 'root-missing', status: 0 })
  return { rootFingerprint: hash<Fingerprint>(fingerprint) }
}
