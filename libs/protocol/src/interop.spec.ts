// Other implementations: openpgp.js reads and verifies what we write, and writes what we read.
import * as openpgp from 'openpgp'
import { id } from '#libs/domain'
import type { CompartmentId, KeyId } from '#libs/domain'
import { concat } from './bytes.ts'
import {
  commitOf,
  createReception,
  lockPrivateKey,
  openMessage,
  openReception,
  openWrap,
  readPublicKey,
  signStatement,
  unlockPrivateKey,
  wrapSecret,
} from './index.ts'
import { writeSecretKey } from './locked-form.ts'
import { keyUnwrap } from './open-primitives.ts'
import { readPackets, tags } from './packets.ts'
import { x25519 } from './primitives.ts'
import { signedBytesOf } from './signed-bytes.ts'
import {
  aMessage,
  asServed,
  aStaffKey,
  compartment,
  epochId,
  expecting,
  made,
  noon,
  random,
  read,
  user,
  uuid,
} from './spec/given.ts'
import { readPkesk, wrappingKey } from './wrap-form.ts'

const config: openpgp.PartialConfig = {
  v6Keys: true,
  aeadProtect: true,
  preferredAEADAlgorithm: openpgp.enums.aead.gcm,
}
const dateOf = (at: string) => new Date(Date.parse(at) + 1000)

test('openpgp.js reads our certificate, with both fingerprints and the encryption subkey', async () => {
  const anna = await aStaffKey('anna')
  const key = await openpgp.readKey({ binaryKey: read(anna.publicKey), config })
  expect(key.getFingerprint()).toBe(anna.signing)
  const subkey = await key.getEncryptionKey(undefined, dateOf(noon))
  expect(subkey.getFingerprint()).toBe(anna.encryption)
  expect((await key.getSigningKey(undefined, dateOf(noon))).getFingerprint()).toBe(anna.signing)
})

test('openpgp.js verifies our statement', async () => {
  const anna = await aStaffKey('anna')
  const { signed } = await signStatement(
    {
      type: 'party.left',
      place: `strand/${uuid(1)}/${uuid(2)}/${uuid(3)}`,
      n: 0,
      prev: null,
      at: noon,
      by: user(1),
      tenantHeads: {},
      body: {},
    },
    anna.key,
    random,
  )
  const verified = await openpgp.verify({
    message: await openpgp.createMessage({ binary: signedBytesOf('statement', signed.bytes) }),
    signature: await openpgp.readSignature({ binarySignature: read(signed.signature) }),
    verificationKeys: await openpgp.readKey({ binaryKey: read(anna.publicKey), config }),
    date: dateOf(noon),
    format: 'binary',
    config,
  })
  expect(await verified.signatures[0]?.verified).toBe(true)
})

test('openpgp.js decrypts our message with its message key and verifies the signature inside', async () => {
  const given = await aMessage()
  const opened = await openMessage(asServed(given.sealed, epochId), given.epoch, expecting(given))
  if (!opened.ok) throw new Error(opened.error)
  const decrypted = await openpgp.decrypt({
    message: await openpgp.readMessage({ binaryMessage: read(given.sealed.ciphertext), config }),
    sessionKeys: { data: opened.value.messageKey, algorithm: 'aes256', aeadAlgorithm: 'gcm' },
    verificationKeys: await openpgp.readKey({ binaryKey: read(given.anna.public.publicKey), config }),
    expectSigned: true,
    date: dateOf(noon),
    format: 'binary',
    config,
  })
  const text = new TextDecoder().decode(decrypted.data)
  expect(text).toMatch(/^sluss\/v1\/message\n\{"body":\{"kind":"text","text":"Vi ses klockan tio. Åäö."/)
  expect(await decrypted.signatures[0]?.verified).toBe(true)
})

test('openpgp.js opens our wrap with the private key, and gets key and key id', async () => {
  const anna = await aStaffKey('anna')
  const secret = random(32)
  const wrap = await wrapSecret({ secret, key: epochId, to: anna.key.public, random })
  const privateKey = await openpgp.readPrivateKey({
    binaryKey: writeSecretKey(
      anna.publicKey,
      concat(new Uint8Array([0]), anna.halves.seed),
      concat(new Uint8Array([0]), anna.halves.scalar),
    ),
    config,
  })
  const message = await openpgp.readMessage({ binaryMessage: read(wrap.bytes), config })
  const keys = await openpgp.decryptSessionKeys({ message, decryptionKeys: privateKey, date: dateOf(noon), config })
  expect(new Uint8Array(keys[0]?.data ?? [])).toEqual(secret)
  const again = await openpgp.readMessage({ binaryMessage: read(wrap.bytes), config })
  const decrypted = await openpgp.decrypt({ message: again, decryptionKeys: privateKey, date: dateOf(noon), config })
  expect(decrypted.data).toBe(epochId)
})

test('we take the secret out of a PKESK that openpgp.js made', async () => {
  const anna = await aStaffKey('anna')
  const secret = random(32)
  const encrypted = await openpgp.encryptSessionKey({
    data: secret,
    algorithm: 'aes256',
    aeadAlgorithm: 'gcm',
    encryptionKeys: await openpgp.readKey({ binaryKey: read(anna.publicKey), config }),
    date: dateOf(noon),
    format: 'binary',
    config,
  })
  const bodies = readPackets(new Uint8Array(encrypted as Uint8Array), [tags.pkesk])
  const pkesk = bodies.ok ? readPkesk(bodies.value[0] ?? random(0)) : bodies
  if (!pkesk.ok) throw new Error(pkesk.error)
  expect(pkesk.value.to).toBe(anna.encryption)
  const { agree, recipient } = anna.key.opener
  const shared = await x25519(agree, pkesk.value.ephemeral)
  const key = await wrappingKey(pkesk.value.ephemeral, recipient, shared ?? random(32))
  expect(await keyUnwrap(key, pkesk.value.wrapped)).toEqual(secret)
})

test('a locked key opens with its passphrase, however it was typed, and works', async () => {
  const anna = await aStaffKey('anna')
  const locked = await lockPrivateKey(anna.halves, 'björkstig näckdamm')
  const wrong = await unlockPrivateKey(locked, 'björkstig', anna)
  expect(wrong).toEqual({ ok: false, error: 'passphrase-wrong' })
  const opened = await unlockPrivateKey(locked, 'björkstig näckdamm'.normalize('NFD'), anna)
  if (!opened.ok) throw new Error(opened.error)
  const secret = random(32)
  const { bytes, hash } = await wrapSecret({ secret, key: epochId, to: anna.key.public, random })
  const commit = await commitOf(secret, compartment, epochId)
  const unwrapped = await openWrap(bytes, opened.value.opener, { key: epochId, wrap: hash, of: compartment, commit })
  expect(unwrapped.ok && unwrapped.value.secret).toEqual(secret)
}, 30_000)

test('a reception key: a certificate that openpgp.js reads, opened by its secret', async () => {
  const { publicKey, secret } = await createReception({ random, at: made })
  const certificate = await readPublicKey(publicKey)
  if (!certificate.ok) throw new Error(certificate.error)
  const stock = await openpgp.readKey({ binaryKey: read(publicKey), config })
  expect((await stock.getEncryptionKey(undefined, dateOf(noon))).getFingerprint()).toBe(certificate.value.encryption)
  const opener = await openReception(secret, publicKey)
  expect(opener.ok).toBe(true)
  expect(await openReception(random(32), publicKey)).toEqual({ ok: false, error: 'fingerprint-differs' })
  const flowSecret = random(32)
  const flow = id<KeyId>(uuid(9))
  const wrap = await wrapSecret({ secret: flowSecret, key: flow, to: certificate.value, random })
  const of: CompartmentId = compartment
  const commit = await commitOf(flowSecret, of, flow)
  const opened = opener.ok && (await openWrap(wrap.bytes, opener.value, { key: flow, wrap: wrap.hash, of, commit }))
  expect(opened && opened.ok && opened.value.secret).toEqual(flowSecret)
})
