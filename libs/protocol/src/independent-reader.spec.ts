// A second reader, written from docs/protocol.md with node:crypto alone: it opens our vectors without a line of ours or of openpgp.js.
// Its own small JSON canonicaliser and packet reader are on purpose: what two implementations agree on is the format.
import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  verify,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
type Vector = Record<string, never>

const vector = (name: string): Vector =>
  JSON.parse(readFileSync(join(process.cwd(), 'libs/protocol/vectors', `${name}.json`), 'utf8')) as Vector
const from64 = (text: string) => Buffer.from(text, 'base64')
const from16 = (text: string) => Buffer.from(text, 'hex')
const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

const derive = (secret: Buffer, ...label: readonly string[]) =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), canonical(['sluss/v1', ...label]), 32))

function gcm(key: Buffer, nonce: Buffer, box: Buffer, additional = Buffer.alloc(0)): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  decipher.setAAD(additional)
  decipher.setAuthTag(box.subarray(-16))
  return Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()])
}
const unbox = (key: Buffer, box: Buffer) => gcm(key, box.subarray(0, 12), box.subarray(12))

function packets(bytes: Buffer): readonly { tag: number; body: Buffer }[] {
  const found = []
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt8(at) & 63
    const first = bytes.readUInt8(at + 1)
    const two = first >= 192 && first < 255
    const length = two
      ? ((first - 192) << 8) + bytes.readUInt8(at + 2) + 192
      : first === 255
        ? bytes.readUInt32BE(at + 2)
        : first
    const start = at + (two ? 3 : first === 255 ? 6 : 2)
    found.push({ tag, body: bytes.subarray(start, start + length) })
    at = start + length
  }
  return found
}
const bodyOf = (bytes: Buffer, index: number, tag: number): Buffer => {
  const packet = packets(bytes)[index]
  if (packet?.tag !== tag) throw new Error(`packet ${index} is not ${tag}`)
  return packet.body
}

function openSeipd(sessionKey: Buffer, body: Buffer): Buffer {
  const parameters = Buffer.from([0xd2, 2, 9, 3, 12])
  expect(body.subarray(0, 4)).toEqual(parameters.subarray(1))
  const derived = Buffer.from(hkdfSync('sha256', sessionKey, body.subarray(4, 36), parameters, 36))
  const nonce = (index: number) => Buffer.concat([derived.subarray(32), Buffer.from([0, 0, 0, 0, 0, 0, 0, index])])
  const chunk = body.subarray(36, -16)
  const plaintext = gcm(derived.subarray(0, 32), nonce(0), chunk, parameters)
  const length = Buffer.alloc(8)
  length.writeUInt32BE(plaintext.length, 4)
  gcm(derived.subarray(0, 32), nonce(1), body.subarray(-16), Buffer.concat([parameters, length]))
  return plaintext
}

const spki = (algorithm: number, point: Buffer) =>
  createPublicKey({
    key: Buffer.concat([from16(`302a300506032b65${algorithm.toString(16)}032100`), point]),
    format: 'der',
    type: 'spki',
  })
const pkcs8 = (algorithm: number, secret: Buffer) =>
  createPrivateKey({
    key: Buffer.concat([from16(`302e020100300506032b65${algorithm.toString(16)}04220420`), secret]),
    format: 'der',
    type: 'pkcs8',
  })

const certificate = () => {
  const bytes = from64(vector('staff-key')['publicKey'] ?? '')
  return { primary: bodyOf(bytes, 0, 6), subkey: bodyOf(bytes, 2, 14) }
}
const fingerprint = (body: Buffer) => sha256(Buffer.from([0x9b, 0, 0, 0, body.length]), body).toString('hex')

/** A version 6 signature over data: salt, data, hashed part, trailer; Ed25519 over SHA-512 of these. */
function isSignedBy(point: Buffer, body: Buffer, data: Buffer): boolean {
  const end = 8 + body.readUInt32BE(4)
  const hashed = body.subarray(0, end)
  const trailer = Buffer.concat([Buffer.from([6, 255]), Buffer.alloc(4)])
  trailer.writeUInt32BE(end, 2)
  const salt = body.subarray(end + 7, end + 39)
  const digest = createHash('sha512')
    .update(Buffer.concat([salt, data, hashed, trailer]))
    .digest()
  return verify(null, digest, spki(0x70, point), body.subarray(end + 39))
}

test('the certificate has the fingerprints given', () => {
  const { primary, subkey } = certificate()
  expect([fingerprint(primary), fingerprint(subkey)]).toEqual([
    vector('staff-key')['signing'],
    vector('staff-key')['encryption'],
  ])
})

test('statement and cursor are signed by that key, and the statement has the hash given', () => {
  for (const name of ['statement', 'cursor']) {
    const { prefix, bytes, signature } = vector(name) as unknown as Record<string, string>
    expect(canonical(JSON.parse(bytes ?? '') as Json)).toBe(bytes)
    const data = Buffer.from(`${prefix}${bytes}`)
    const body = bodyOf(from64(signature ?? ''), 0, 2)
    expect(isSignedBy(certificate().primary.subarray(10), body, data)).toBe(true)
    expect(isSignedBy(certificate().primary.subarray(10), body, Buffer.concat([data, data]))).toBe(false)
    if (name === 'statement') expect(sha256(data).toString('hex')).toBe(vector('statement')['hash'])
  }
})

test('the wrap gives the content key to the private half, with its id and commitment', () => {
  const { bytes, hash, key, of, commit, secret } = vector('wrap') as unknown as Record<string, string>
  const wrap = from64(bytes ?? '')
  expect(sha256(wrap).toString('hex')).toBe(hash)
  const pkesk = bodyOf(wrap, 0, 1)
  expect(pkesk.subarray(3, 35).toString('hex')).toBe(vector('staff-key')['encryption'])
  const ephemeral = pkesk.subarray(36, 68)
  const shared = diffieHellman({
    privateKey: pkcs8(0x6e, from16(vector('staff-key')['scalar'] ?? '')),
    publicKey: spki(0x6e, ephemeral),
  })
  const input = Buffer.concat([ephemeral, certificate().subkey.subarray(10), shared])
  const wrapping = Buffer.from(hkdfSync('sha256', input, Buffer.alloc(0), 'OpenPGP X25519', 16))
  const unwrap = createDecipheriv('aes128-wrap', wrapping, Buffer.alloc(8, 0xa6))
  const content = Buffer.concat([unwrap.update(pkesk.subarray(69)), unwrap.final()])
  expect(content.toString('hex')).toBe(secret)
  expect(
    bodyOf(openSeipd(content, bodyOf(wrap, 1, 18)), 0, 11)
      .subarray(6)
      .toString(),
  ).toBe(key)
  expect(derive(content, 'commit', of ?? '', key ?? '').toString('hex')).toBe(commit)
})

type MessageVector = {
  epoch: { key: string; secret: string }
  flow: { key: string; secret: string }
  sealed: {
    id: string
    thread: string
    commit: string
    ciphertext: string
    seals: readonly { key: string; bytes: string }[]
  }
  messageKey: string
  body: Json
  ciphertextHash: string
  after: { n: number; h: string }
  late: { n: number; list: readonly { id: string; ciphertext: string }[]; listHash: string; seal: { bytes: string } }
  title: { of: string; text: string; bytes: string }
}

test('the message opens by either seal: key, commitment, signature, body, order', () => {
  const message = vector('message') as unknown as MessageVector
  const { sealed } = message
  for (const by of [message.epoch, message.flow]) {
    const seal = unbox(
      derive(from16(by.secret), 'seal', by.key, sealed.id),
      from64(sealed.seals.find((one) => one.key === by.key)?.bytes ?? ''),
    )
    const messageKey = seal.subarray(1, 33)
    expect(messageKey.toString('hex')).toBe(message.messageKey)
    expect(derive(messageKey, 'commit', sealed.id).toString('hex')).toBe(sealed.commit)
    const inside = openSeipd(messageKey, bodyOf(from64(sealed.ciphertext), 0, 18))
    const data = bodyOf(inside, 1, 11).subarray(6)
    expect(isSignedBy(certificate().primary.subarray(10), bodyOf(inside, 2, 2), data)).toBe(true)
    const [prefix, text = ''] = data.toString().split('\n')
    expect(prefix).toBe('sluss/v1/message')
    const content = JSON.parse(text) as { header: { parts: readonly string[]; id: string }; body: Json }
    expect(content.body).toEqual(message.body)
    expect(content.header.id).toBe(sealed.id)
    const order = {
      seen: { h: seal.subarray(53, 85).toString('hex'), n: seal.readUInt32BE(49) },
      stream: { context: sealed.thread, key: by.key },
    }
    expect(content.header.parts).toContain(sha256(seal.subarray(33, 49), Buffer.from(canonical(order))).toString('hex'))
  }
})

test('running hash, late seal, list and working title agree', () => {
  const message = vector('message') as unknown as MessageVector
  const { of, key, commit } = vector('wrap') as unknown as Record<string, string>
  expect(derive(from16(message.epoch.secret), 'commit', of ?? '', key ?? '').toString('hex')).toBe(commit)
  const start = sha256(
    from16(commit ?? ''),
    Buffer.from(canonical({ context: message.sealed.thread, key: message.epoch.key })),
  )
  expect(sha256(from64(message.sealed.ciphertext)).toString('hex')).toBe(message.ciphertextHash)
  expect(sha256(start, from16(message.ciphertextHash)).toString('hex')).toBe(message.after.h)
  const late = unbox(
    derive(from16(message.flow.secret), 'seal', message.flow.key, message.sealed.id),
    from64(message.late.seal.bytes),
  )
  expect([late.readUInt8(0), late.subarray(1, 33).toString('hex'), late.readUInt32BE(33)]).toEqual([
    3,
    message.messageKey,
    7,
  ])
  const list = canonical(message.late.list.map(({ id, ciphertext }) => [id, ciphertext]))
  expect(sha256(Buffer.from(list)).toString('hex')).toBe(message.late.listHash)
  const title = unbox(derive(from16(message.epoch.secret), 'title', message.title.of), from64(message.title.bytes))
  expect((JSON.parse(title.toString()) as { text: string }).text).toBe(message.title.text)
})

test('a flow key opens under its epoch', () => {
  const message = vector('message') as unknown as MessageVector
  const { bytes } = vector('reception')['flowUnderEpoch'] as unknown as { bytes: string }
  const secret = unbox(derive(from16(message.epoch.secret), 'flow', message.epoch.key, message.flow.key), from64(bytes))
  expect(secret.toString('hex')).toBe(message.flow.secret)
})
