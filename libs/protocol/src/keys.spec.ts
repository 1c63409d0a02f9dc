// Keys: what a certificate and a locked private key must look like, and each way in which they are refused (protocol.md §§ 2, 3, 11).
import * as openpgp from 'openpgp'
import { concat, unhex } from './bytes.ts'
import type { NewStaffKey } from './index.ts'
import {
  checkLockedPrivateKey,
  lockPrivateKey,
  leastPassphraseBits,
  passphraseBits,
  proposePassphrase,
  readPublicKey,
  sixWords,
  unlockPrivateKey,
} from './index.ts'
import { readSecretKey, writeSecretKey } from './locked-form.ts'
import { packet, readPackets, tags } from './packets.ts'
import { algorithms, keyBody } from './public-key.ts'
import { aStaffKey, altered, made, random, read, written } from './spec/given.ts'

let anna: NewStaffKey
let erik: NewStaffKey
let locked: string
beforeAll(async () => {
  anna = await aStaffKey('anna')
  erik = await aStaffKey('erik')
  locked = await lockPrivateKey(anna.halves, 'sex svenska ord')
}, 30_000)

const certificateTags = [tags.publicKey, tags.signature, tags.publicSubkey, tags.signature] as const
function bodiesOf(publicKey: string) {
  const bodies = readPackets(read(publicKey), certificateTags)
  if (!bodies.ok) throw new Error(bodies.error)
  return bodies.value
}
function certificateOf(bodies: readonly ReturnType<typeof random>[]): string {
  return written(concat(...bodies.map((body, i) => packet(certificateTags[i] ?? tags.signature, body))))
}
const refusal = async (publicKey: string): Promise<string> => {
  const key = await readPublicKey(publicKey)
  return key.ok ? 'read' : key.error
}

describe('a certificate', () => {
  test('in order is read', async () => {
    expect(await refusal(anna.publicKey)).toBe('read')
    expect(await refusal(certificateOf(bodiesOf(anna.publicKey)))).toBe('read')
  })

  test('with a swapped subkey is refused', async () => {
    const [primary, direct] = bodiesOf(anna.publicKey)
    const [, , subkey, binding] = bodiesOf(erik.publicKey)
    if (!primary || !direct || !subkey || !binding) throw new Error('four packets')
    expect(await refusal(certificateOf([primary, direct, subkey, binding]))).toBe('subkey-not-bound')
    const [, , , own] = bodiesOf(anna.publicKey)
    expect(await refusal(certificateOf([primary, direct, subkey, own ?? binding]))).toBe('subkey-not-bound')
  })

  test('with an altered self-signature is refused', async () => {
    const [primary, direct, subkey, binding] = bodiesOf(anna.publicKey)
    if (!primary || !direct || !subkey || !binding) throw new Error('four packets')
    const other = direct.slice()
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1
    expect(await refusal(certificateOf([primary, other, subkey, binding]))).toBe('key-malformed')
  })

  test('of version 4 is refused', async () => {
    const key = await openpgp.generateKey({ type: 'curve25519', userIDs: [{ name: 'x' }], format: 'object' })
    expect(await refusal(written(new Uint8Array(key.publicKey.write())))).toBe('packet-unexpected')
    const bodies = bodiesOf(anna.publicKey).map((body) => body.slice())
    if (bodies[0]) bodies[0][0] = 4
    expect(await refusal(certificateOf(bodies))).toBe('key-version')
  })

  test('of another algorithm is refused', async () => {
    const bodies = bodiesOf(anna.publicKey).map((body) => body.slice())
    if (bodies[2]) bodies[2][5] = 18
    expect(await refusal(certificateOf(bodies))).toBe('key-algorithm')
  })

  test('that says more than our statements do, as an expiry, is refused', async () => {
    const key = await openpgp.generateKey({
      type: 'curve25519',
      userIDs: [],
      keyExpirationTime: 3600,
      format: 'object',
      config: { v6Keys: true },
    })
    expect(await refusal(written(new Uint8Array(key.publicKey.write())))).toBe('packet-malformed')
  })

  test('with a packet too many is refused', async () => {
    const more = concat(read(anna.publicKey), packet(tags.publicSubkey, random(42)))
    expect(await refusal(written(more))).toBe('packet-trailing')
  })

  test('with a subkey of small order, for which every shared secret is zero, is refused', async () => {
    const bodies = bodiesOf(anna.publicKey).map((body) => body.slice())
    const zero = keyBody(made, algorithms.x25519, new Uint8Array(32))
    expect(await refusal(certificateOf([bodies[0] ?? zero, bodies[1] ?? zero, zero, bodies[3] ?? zero]))).toBe(
      'key-malformed',
    )
  })

  test('in another base64 spelling is refused', async () => {
    expect(await refusal(`${anna.publicKey.slice(0, 40)}\n${anna.publicKey.slice(40)}`)).toBe('packet-malformed')
  })
})

describe('a locked private key', () => {
  const unlocks = async (
    text: string,
    certified: { signing: NewStaffKey['signing']; encryption: NewStaffKey['encryption'] } = anna,
  ) => {
    const key = await unlockPrivateKey(text, 'sex svenska ord', certified)
    return key.ok ? 'unlocked' : key.error
  }
  function relocked(
    change: (lock: ReturnType<typeof random>) => void,
    which: 'primary' | 'subkey' = 'primary',
  ): string {
    const parts = readSecretKey(read(locked))
    if (!parts.ok) throw new Error(parts.error)
    const { primary, subkey, publicKey } = parts.value
    change(which === 'primary' ? primary : subkey)
    return written(writeSecretKey(publicKey, primary, subkey))
  }

  test('opens with its passphrase', async () => {
    expect(await unlocks(locked)).toBe('unlocked')
  }, 30_000)

  test('is refused under another fingerprint than the certified one, before a passphrase is spent', async () => {
    expect(await unlocks(locked, { signing: erik.signing, encryption: anna.encryption })).toBe('fingerprint-differs')
    expect(await unlocks(locked, { signing: anna.signing, encryption: erik.encryption })).toBe('fingerprint-differs')
  })

  test('is refused with S2K usage 254, 255 or none', async () => {
    for (const usage of [254, 255, 0])
      for (const which of ['primary', 'subkey'] as const)
        expect(await unlocks(relocked((lock) => lock.set([usage]), which))).toBe('s2k-usage')
  })

  test('is refused with other Argon2 parameters, weaker or stronger', async () => {
    for (const [place, value] of [
      [22, 1],
      [22, 200],
      [23, 1],
      [24, 10],
      [24, 31],
    ] as const)
      expect(await unlocks(relocked((lock) => lock.set([value], place)))).toBe('s2k-parameters')
  })

  test('is refused with iterated hashing', async () => {
    expect(await unlocks(relocked((lock) => lock.set([3], 5)))).toBe('s2k-parameters')
  })

  test('is refused under another cipher or mode', async () => {
    expect(await unlocks(relocked((lock) => lock.set([7], 2)))).toBe('cipher-not-allowed')
    expect(await unlocks(relocked((lock) => lock.set([2], 3)))).toBe('cipher-not-allowed')
  })

  test('is refused when altered: its public half is part of what the lock covers', async () => {
    expect(await unlocks(relocked((lock) => lock.set([(lock[45] ?? 0) ^ 1], 45)))).toBe('passphrase-wrong')
  }, 30_000)

  test('is stored only for the public key that it carries', async () => {
    expect((await checkLockedPrivateKey(locked, anna)).ok).toBe(true)
    expect(await checkLockedPrivateKey(locked, erik)).toEqual({ ok: false, error: 'fingerprint-differs' })
    const open = writeSecretKey(
      anna.publicKey,
      concat(new Uint8Array([0]), anna.halves.seed),
      concat(new Uint8Array([0]), anna.halves.scalar),
    )
    expect(await checkLockedPrivateKey(written(open), anna)).toEqual({ ok: false, error: 's2k-usage' })
  })

  test('as the library would write it by default is refused', async () => {
    const privateKey = await openpgp.readPrivateKey({
      binaryKey: writeSecretKey(
        anna.publicKey,
        concat(new Uint8Array([0]), anna.halves.seed),
        concat(new Uint8Array([0]), anna.halves.scalar),
      ),
    })
    const byDefault = await openpgp.encryptKey({ privateKey, passphrase: 'x' })
    expect(await unlocks(written(new Uint8Array(byDefault.write())))).toBe('s2k-usage')
  }, 30_000)
})

describe('words', () => {
  test('a passphrase is six compounds of 72 random bits', () => {
    expect(proposePassphrase(() => unhex('000000000000000000'))).toBe('albacke albacke albacke albacke albacke albacke')
    expect(proposePassphrase(() => unhex('ffffffffffffffffff')).split(' ')).toEqual(Array(6).fill('fjällväxt'))
    expect(new Set(Array.from({ length: 50 }, () => proposePassphrase(random))).size).toBe(50)
  })
  test('is worth enough whenever it was proposed, and an own one where it is long or random', () => {
    const enough = (text: string): boolean => passphraseBits(text) >= leastPassphraseBits
    expect(Array.from({ length: 500 }, () => proposePassphrase(random)).filter((one) => !enough(one))).toEqual([])
    for (const own of ['xK9#mP2$vL8@wQ4!tR6%', 'gråsparven sjunger bakom ladan medan regnet faller över åkrarna'])
      expect([own, enough(own)]).toEqual([own, true])
    const weak = [
      'hemlighet123',
      'Password123!',
      'correct horse battery staple',
      '123456789012345678901234',
      'aaaaaaaaaaaaaaaaaaaaaaaa',
    ]
    for (const own of [...weak, 'vävstol björnbär fem kvarnhjul', 'sommar sommar sommar sommar sommar sommar sommar'])
      expect([own, enough(own)]).toEqual([own, false])
  })

  test('fingerprints that differ in one of their first 72 bits have other words', () => {
    const words = sixWords(anna.signing)
    expect(words).toHaveLength(6)
    for (let digit = 0; digit < 18; digit++) {
      const turned = (Number.parseInt(anna.signing[digit] ?? '0', 16) ^ 1).toString(16)
      const other = anna.signing.slice(0, digit) + turned + anna.signing.slice(digit + 1)
      expect(sixWords(other as typeof anna.signing)).not.toEqual(words)
    }
  })
})

test('two keys made from other randomness differ, and altered base64 is another key or none', async () => {
  expect(anna.signing).not.toBe(erik.signing)
  expect(await refusal(altered(anna.publicKey, 0.05))).not.toBe('read')
})
