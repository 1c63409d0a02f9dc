// Locks a private key under a passphrase and opens it again, by openpgp.js: the one place where the library is used, and configured.
import type { PartialConfig, PrivateKey } from 'openpgp'
import { decryptKey, encryptKey, enums, readPrivateKey } from 'openpgp'
import type { Fingerprint, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { base64, concat } from './bytes.ts'
import { argon2, readLockedKey, readSecretKey, writeSecretKey } from './locked-form.ts'
import type { ProtocolRefusal } from './refusals.ts'
import type { PrivateHalves, StaffKey } from './staff-key.ts'
import { staffKeyOf } from './staff-key.ts'

// Passed with each call: the library's own defaults would lock with iterated SHA-256 and usage 254 (protocol.md § 2).
const config: PartialConfig = {
  v6Keys: true,
  aeadProtect: true,
  preferredSymmetricAlgorithm: enums.symmetric.aes256,
  preferredAEADAlgorithm: enums.aead.gcm,
  s2kType: enums.s2k.argon2,
  s2kArgon2Params: { passes: argon2.passes, parallelism: argon2.lanes, memoryExponent: argon2.memoryExponent },
}

const unlocked = new Uint8Array([0])

const library = async (bytes: Bytes): Promise<PrivateKey> => readPrivateKey({ binaryKey: bytes, config })

// NFC: the same words typed on another keyboard must be the same bytes.
const normal = (passphrase: string): string => passphrase.normalize('NFC')

/** The private key under Argon2, ready to be stored by a server; checked against our own form before it is handed out. */
export async function lockPrivateKey(halves: PrivateHalves, passphrase: string): Promise<string> {
  const open = writeSecretKey(halves.publicKey, concat(unlocked, halves.seed), concat(unlocked, halves.scalar))
  const privateKey = await library(open)
  const key = await encryptKey({ privateKey, passphrase: normal(passphrase), config })
  const locked = base64(new Uint8Array(key.write()))
  const read = await readLockedKey(locked)
  if (!read.ok) throw new Error(`the library locked in another form: ${read.error}`)
  return locked
}

/** Opens a stored private key. Its form is checked before a passphrase is spent on it, and both fingerprints before it is used. */
export async function unlockPrivateKey(
  locked: string,
  passphrase: string,
  certified: { readonly signing: Fingerprint; readonly encryption: Fingerprint },
): Promise<Result<StaffKey, ProtocolRefusal>> {
  const read = await readLockedKey(locked)
  if (!read.ok) return read
  const { signing, encryption } = read.value.public
  if (signing !== certified.signing || encryption !== certified.encryption) return refused('fingerprint-differs')
  const privateKey = await library(read.value.bytes)
  const opened = await decryptKey({ privateKey, passphrase: normal(passphrase), config }).catch(() => null)
  if (opened === null) return refused('passphrase-wrong')
  return inUse(new Uint8Array(opened.write()))
}

async function inUse(bytes: Bytes): Promise<Result<StaffKey, ProtocolRefusal>> {
  const parts = readSecretKey(bytes)
  if (!parts.ok) return parts
  const { publicKey, primary, subkey } = parts.value
  if (primary.length !== 33 || subkey.length !== 33 || primary[0] !== 0 || subkey[0] !== 0) return refused('s2k-usage')
  const key = await staffKeyOf({ seed: primary.slice(1), scalar: subkey.slice(1), publicKey })
  return key === null ? refused('fingerprint-differs') : ok(key)
}
