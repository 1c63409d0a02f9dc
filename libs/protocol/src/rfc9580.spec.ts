// RFC 9580's own version 6 vectors (appendix A), as far as they use what this protocol allows; the rest is refused by name.
import { createDecipheriv } from 'node:crypto'
import * as openpgp from 'openpgp'
import { concat, hex } from './bytes.ts'
import { readPublicKey } from './index.ts'
import { readLockedKey, readSecretKey } from './locked-form.ts'
import { keyUnwrap } from './open-primitives.ts'
import { readPackets, tags } from './packets.ts'
import { importAgreement, x25519, x25519Public } from './primitives.ts'
import { nonceOf, seipdKeys } from './seipd.ts'
import { readSignature, signatureTypes } from './signatures.ts'
import { read } from './spec/given.ts'
import { staffKeyOf } from './staff-key.ts'
import { readPkesk, wrappingKey } from './wrap-form.ts'

// A.3 and A.4: the certificate and its secret key.
const certificate =
  'xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYfGwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lwgyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaEQsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAAIIaTJINn+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg=='
const secretKey =
  'xUsGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laMAGXKBexK+cH6NX1hs5hNhIB00TrJmosgv3mg1ditlsLfCsQYfGwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lwgyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaEQsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBMdLBmOHf+MZAAAAIIaTJINn+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1AE1gCk95TUR3XFeibg/u/tVY6a//1q0NWC1X+yui3O24wpsGGBsKAAAALAWCY4d/4wKbDCIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg=='
// A.5: the same, locked under Argon2 with AES-256-OCB.
const lockedKey =
  'xYIGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laP9JgkCFARdb9ccngltHraRe25uHuyuAQQVtKipJ0+r5jL4dacGWSAheCWPpITYiyfyIOPS3gIDyg8f7strd1OB4+LZsUhcIjOMpVHgmiY/IutJkulneoBYwrEGHxsKAAAAQgWCY4d/4wMLCQcFFQoOCAwCFgACmwMCHgkiIQbLGGxPBgmml+TVLfpscisMHx4nwYpWcI9lJewnutmsyQUnCQIHAgAAAACtKCAQPi19In7A5tfORHHbNr/JcIMlNpAnFJin7wV2wH+q4UWFs7kDsBJ+xP2i8CMEWi7Ha8tPlXGpZR4UruETeh1mhELIj5UeM8T/0z+5oX1RHu11j8bZzFDLX9eTsgOdWATHggZjh3/jGQAAACCGkySDZ/nlAV25Ivj0gJXdp4SYfy1ZhbEvutFsr15ENf0mCQIUBA5hhGgp2oaavg6mFUXcFMwBBBUuE8qf9Ock+xwusd+GAglBr5LVyr/lup3xxQvHXFSjjA2haXfoN6xUGRdDEHI6+uevKjVRv5oAxgu7eJpaXNjCmwYYGwoAAAAsBYJjh3/jApsMIiEGyxhsTwYJppfk1S36bHIrDB8eJ8GKVnCPZSXsJ7rZrMkAAAAABAEgpukYbZ1ZNfyP5WMUzbUnSGpaUSD5t2KiNacp8DkBClZRa2c3AMQzSDXa9jGhYzxjzVb5scHDzTkjyRZWRdTq8U6L4da+/+Ktruh8m7Xo2ehSSFyWRSuTSZe5tm/KXgYG'
// A.7: an inline-signed message; its signature is over text.
const signedMessage =
  'xEYGAQobIHZJX1AhiJD39eLuPBgiUU9wUA9VHYblySHkBONKU/usyxhsTwYJppfk1S36bHIrDB8eJ8GKVnCPZSXsJ7rZrMkBy0p1AAAAAABXaGF0IHdlIG5lZWQgZnJvbSB0aGUgZ3JvY2VyeSBzdG9yZToKCi0gdG9mdQotIHZlZ2V0YWJsZXMKLSBub29kbGVzCsKYBgEbCgAAACkFgmOYo2MiIQbLGGxPBgmml+TVLfpscisMHx4nwYpWcI9lJewnutmsyQAAAABpNiB2SV9QIYiQ9/Xi7jwYIlFPcFAPVR2G5ckh5ATjSlP7rCfQb7gKqPxbyxbhljGygHQPnqau1eBzrQD5QVplPEDnemrnfmkrpx0GmhCfokxYz9jjFtCgazStmsuOXF9SFQE='
// A.8: X25519, AES-128-OCB.
const toCertificate =
  'wV0GIQYSyD8ecG9jCP4VGkF3Q6HwM3kOk+mXhIjR2zeNqZMIhRmHzxjV8bU/gXzOWgBM85PMiVi93AZfJfhK9QmxfdNnZBjeo1VDeVZheQHgaVf7yopqR6W1FT6NOrfSaQIHAgZhZBZTW+CwcW1g4FKlbExAf56zaw76/prQoN+bAzxpohup69LA7JW/Vp0lyZnuSj3hcFj0DfqLTGgr4/u717J+sPWbtQBfgMfG9AOIwwrUBqsFE9zW+f1zdlYobhF30A+IitsxxA=='
// A.11: SEIPDv2 under AES-128-GCM, from a password.
const fromPassword =
  'wzwGGgcDCwMI6dOXhbIHAAj/tC58SD70iERXyzcmubPbn/d25fTZpAlS4kRymIUav/91Jt8t1VRBdXmneZ/SaQIHAwb8uUSQvLmLvcnRBsYJAmaUD3LontwhtVlrFXaxAe0Pn/xvxtZbv9JNzQeQlm5tHoWjAFN4TLHYtqBpnvEhVaeyrWJYUxtXZR/Xd3kS+pXjXZtAIW9ppMJI2yj/QzHxYykHOZ5v+Q=='

const packetsOf = (bytes: ReturnType<typeof read>, start: number) => bytes.slice(start)

test('the sample certificate is read, with the fingerprints that the RFC gives', async () => {
  const key = await readPublicKey(certificate)
  expect(key).toMatchObject({
    ok: true,
    value: {
      signing: 'cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9',
      encryption: '12c83f1e706f6308fe151a417743a1f033790e93e9978488d1db378da9930885',
    },
  })
})

test('the sample secret key is read and is that of its certificate', async () => {
  const parts = readSecretKey(read(secretKey))
  if (!parts.ok) throw new Error(parts.error)
  const { primary, subkey, publicKey } = parts.value
  expect(publicKey).toBe(certificate)
  expect(await staffKeyOf({ seed: primary.slice(1), scalar: subkey.slice(1), publicKey })).not.toBeNull()
  expect(await staffKeyOf({ seed: subkey.slice(1), scalar: primary.slice(1), publicKey })).toBeNull()
})

test('the sample locked key is refused: OCB is not our one mode', async () => {
  expect(await readLockedKey(lockedKey)).toEqual({ ok: false, error: 'cipher-not-allowed' })
})

test('the sample signed message is refused: its signature is over text', () => {
  const bodies = readPackets(read(signedMessage), [tags.onePass, tags.literal, tags.signature])
  if (!bodies.ok) throw new Error(bodies.error)
  const refusal = readSignature(bodies.value[2] ?? read(''), signatureTypes.binary)
  expect(refusal).toEqual({ ok: false, error: 'signature-not-binary' })
})

test('the X25519 sample: our derivation takes out the session key that openpgp.js finds', async () => {
  const message = read(toCertificate)
  const found = await openpgp.decryptSessionKeys({
    message: await openpgp.readMessage({ binaryMessage: message }),
    decryptionKeys: await openpgp.readPrivateKey({ binaryKey: read(secretKey) }),
  })
  const pkesk = message.slice(2, 2 + 0x5d)
  const ephemeral = pkesk.slice(36, 68)
  const secret = readSecretKey(read(secretKey))
  if (!secret.ok) throw new Error(secret.error)
  const scalar = await importAgreement(secret.value.subkey.slice(1))
  const shared = await x25519(scalar, ephemeral)
  if (shared === null) throw new Error('small order')
  const unwrapped = await keyUnwrap(await wrappingKey(ephemeral, await x25519Public(scalar), shared), pkesk.slice(69))
  expect(hex(unwrapped ?? read(''))).toBe(hex(new Uint8Array(found[0]?.data ?? [])))
  expect(readPkesk(pkesk)).toEqual({ ok: false, error: 'packet-malformed' }) // 24 octets: an AES-128 key
})

test('the GCM sample: our derivation gives key and nonce that open it', async () => {
  const bytes = read(fromPassword)
  const message = await openpgp.readMessage({ binaryMessage: bytes })
  const found = await openpgp.decryptSessionKeys({ message, passwords: 'password' })
  const body = packetsOf(bytes, 2 + 0x3c + 2)
  const info = concat(new Uint8Array([0xd2]), body.slice(0, 4))
  const { key, iv } = await seipdKeys(new Uint8Array(found[0]?.data ?? []), body.slice(4, 36), info, 16)
  const chunk = body.slice(36, body.length - 16)
  const decipher = createDecipheriv('aes-128-gcm', key, nonceOf(iv, 0))
  decipher.setAAD(info)
  decipher.setAuthTag(chunk.slice(-16))
  const plaintext = Buffer.concat([decipher.update(chunk.slice(0, -16)), decipher.final()])
  expect(plaintext.toString('latin1')).toContain('Hello, world!')
})
