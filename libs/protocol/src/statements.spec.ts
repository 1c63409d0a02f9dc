// Signed statements and cursors: what is taken for one and what is not (protocol.md §§ 2, 4, 7, 11).
import { test as propertyTest, fc } from '@fast-check/jest'
import { instant } from '#libs/domain'
import type { Statement } from '#libs/domain'
import { concat } from './bytes.ts'
import type { NewStaffKey, Signed, UnsignedStatement } from './index.ts'
import {
  labelOf,
  parsePlace,
  parseStatement,
  signCursor,
  signStatement,
  verifyCursor,
  verifyStatement,
} from './index.ts'
import { jcs } from './primitives.ts'
import { sign, signatureTypes } from './signatures.ts'
import { hashOf, parseCanonical, signedBytesOf } from './signed-bytes.ts'
import {
  altered,
  aStaffKey,
  authority,
  epochId,
  made,
  noon,
  random,
  read,
  theCase,
  thread,
  user,
  uuid,
  written,
} from './spec/given.ts'

let anna: NewStaffKey
let erik: NewStaffKey
let signed: Signed
let statement: Statement
const unsigned: UnsignedStatement = {
  type: 'assignment.added',
  place: `ledger/${theCase}/${authority(2)}`,
  n: 0,
  prev: null,
  at: noon,
  by: user(1),
  tenantHeads: {},
  body: { user: user(1), categories: ['plan', 'threat'], until: instant('2026-06-01T00:00Z'), reason: 'opened' },
}
beforeAll(async () => {
  anna = await aStaffKey('anna')
  erik = await aStaffKey('erik')
  const made2 = await signStatement(unsigned, anna.key, random)
  signed = made2.signed
  statement = made2.statement
})

const refusal = async (text: string, key: NewStaffKey = anna, signature = signed.signature): Promise<string> => {
  const verified = await verifyStatement({ bytes: text, signature }, key.key.public)
  return verified.ok ? 'verified' : verified.error
}
const parsed = (value: unknown): string => {
  const result = parseStatement(jcs(value))
  return result.ok ? 'parsed' : result.error
}
const changed = (changes: object): string => parsed({ ...statement, ...changes })

test('a statement in order is verified, and its hash is that of its signed bytes', async () => {
  const verified = await verifyStatement(signed, anna.key.public)
  expect(verified).toEqual({ ok: true, value: { statement, hash: await hashOf('statement', signed.bytes) } })
})

describe('a statement is refused', () => {
  test('by another key', async () => {
    expect(await refusal(signed.bytes, erik)).toBe('signer-differs')
    const claimed = jcs({ ...statement, key: erik.signing })
    expect(await refusal(claimed, erik)).toBe('signature-issuer')
  })

  test('when one word of it is altered', async () => {
    expect(await refusal(signed.bytes.replace('"threat"', '"health"'))).toBe('signature-wrong')
  })

  test('when moved to another place', async () => {
    expect(await refusal(signed.bytes.replace(authority(2), authority(3)))).toBe('signature-wrong')
  })

  test('with an altered signature', async () => {
    expect(await refusal(signed.bytes, anna, altered(signed.signature, 0.99))).toBe('signature-wrong')
  })

  test('with two signatures', async () => {
    const twice = written(concat(read(signed.signature), read(signed.signature)))
    expect(await refusal(signed.bytes, anna, twice)).toBe('signature-count')
  })

  test('with a text signature', async () => {
    const bytes = read(signed.signature)
    bytes[3] = 1
    expect(await refusal(signed.bytes, anna, written(bytes))).toBe('signature-not-binary')
  })

  test('with a version 4 signature', async () => {
    const bytes = read(signed.signature)
    bytes[2] = 4
    expect(await refusal(signed.bytes, anna, written(bytes))).toBe('signature-version')
  })

  test('under another algorithm or hash than ours', async () => {
    for (const [place, value] of [
      [4, 22],
      [5, 8],
    ] as const) {
      const bytes = read(signed.signature)
      bytes[place] = value
      expect(await refusal(signed.bytes, anna, written(bytes))).toBe('signature-algorithm')
    }
  })

  test('when its bytes were signed as minutes, or as a cursor', async () => {
    for (const kind of ['minutes', 'cursor', 'message'] as const) {
      const data = signedBytesOf(kind, signed.bytes)
      const { packet } = await sign({
        type: signatureTypes.binary,
        data,
        at: noon,
        issuer: anna.signing,
        signer: anna.key.signer,
        random,
      })
      expect(await refusal(signed.bytes, anna, written(packet))).toBe('signature-wrong')
    }
  })

  test('when the signature was made in another minute than it names', async () => {
    const data = signedBytesOf('statement', signed.bytes)
    const { packet } = await sign({
      type: signatureTypes.binary,
      data,
      at: made,
      issuer: anna.signing,
      signer: anna.key.signer,
      random,
    })
    expect(await refusal(signed.bytes, anna, written(packet))).toBe('signature-wrong')
  })

  test('with duplicate members', async () => {
    expect(await refusal(signed.bytes.replace('"n":0', '"n":0,"n":0'))).toBe('bytes-not-canonical')
  })

  test('with bytes that are not canonical', async () => {
    for (const text of [
      ` ${signed.bytes}`,
      `${signed.bytes}\n`,
      signed.bytes.replace('"n":0', '"n": 0'),
      signed.bytes.replace('"n":0', '"n":0.0'),
      signed.bytes.replace('plan', '\\u0070lan'),
      JSON.stringify(Object.fromEntries(Object.entries(statement).reverse())),
      '',
      '{',
    ])
      expect(await refusal(text)).toBe('bytes-not-canonical')
  })

  test('with an unknown member, in the frame or in the body', () => {
    expect(changed({ more: 1 })).toBe('shape-wrong')
    expect(changed({ body: { ...statement.body, more: 1 } })).toBe('shape-wrong')
    expect(parsed({ ...statement, ['__proto__']: 1 })).toBe('shape-wrong')
    expect(refusalOfText(signed.bytes.replace('{"at"', '{"__proto__":{},"at"'))).not.toBe('parsed')
  })

  test('of a disclosure that names a decider beside its signer', () => {
    const strand = { type: 'disclosure.made', place: `strand/${theCase}/${authority(2)}/${authority(3)}` }
    const body = {
      subject: user(5),
      category: 'threat',
      purpose: 'casework',
      units: null,
      items: 'all',
      ground: { law: 'brb-24-4' },
      reason: anna.signing,
      until: noon,
    }
    expect(changed({ ...strand, body })).toBe('parsed')
    expect(changed({ ...strand, body: { ...body, decider: user(1) } })).toBe('shape-wrong')
  })

  test('with a member missing', () => {
    for (const name of Object.keys(statement)) {
      const { [name]: _, ...rest } = JSON.parse(jcs(statement)) as Record<string, unknown>
      expect(parsed(rest)).toBe('shape-wrong')
    }
    expect(changed({ body: { user: user(1), until: noon } })).toBe('shape-wrong')
  })

  test('of an unknown version or type', () => {
    expect(changed({ v: 2 })).toBe('version-unknown')
    expect(changed({ type: 'assignment.invented' })).toBe('type-unknown')
    expect(changed({ type: 'constructor' })).toBe('type-unknown')
  })

  test('of a type that does not belong in its place', () => {
    expect(changed({ place: `strand/${theCase}/${authority(2)}/${authority(3)}` })).toBe('type-unknown')
    expect(changed({ place: `tenant/${authority(2)}` })).toBe('type-unknown')
  })

  test('with a place in another form', () => {
    for (const place of [
      'ledger',
      `ledger/${theCase}`,
      `ledger/${theCase}/${authority(2)}/`,
      `ledger/${theCase}/x`,
      `room/${theCase}`,
    ])
      expect(changed({ place })).toBe('place-wrong')
    expect(parsePlace(`strand/${theCase}/${authority(2)}/${authority(2)}`)).toEqual({ ok: false, error: 'place-wrong' })
  })

  test('with wrong values', () => {
    const { body } = statement
    for (const wrong of [
      { n: -1 },
      { n: 1 },
      { n: 0.5 },
      { prev: 'aa' },
      { at: '2026-02-30' },
      { at: '2026-02-01T12:00:00Z' },
      { n: 2 ** 31, prev: anna.signing },
      { by: 'Anna' },
      { at: '0000-01-01T00:00Z' },
      { key: 'AA' },
      { tenantHeads: { x: { n: 0, hash: anna.signing } } },
      { tenantHeads: [] },
      { body: null },
      { body: [] },
      { body: { ...body, categories: ['plan', 'plan'] } },
      { body: { ...body, categories: ['everything'] } },
      { body: { ...body, categories: 'plan' } },
      { body: { ...body, until: null } },
      { body: { ...body, reason: 'because' } },
    ])
      expect(changed(wrong)).toBe('shape-wrong')
    expect(changed({ body: { user: user(1), categories: [], until: noon } })).toBe('parsed')
  })

  test('in the root’s name outside a tenant chain', () => {
    expect(changed({ by: 'root' })).toBe('signer-differs')
  })
})

const refusalOfText = (text: string): string => {
  const result = parseStatement(text)
  return result.ok ? 'parsed' : result.error
}

propertyTest.prop([fc.json()])('text is taken as canonical only in its one spelling', (text) => {
  const result = parseCanonical(text)
  if (result.ok) expect(jcs(result.value)).toBe(text)
  expect(refusalOfText(text)).not.toBe('parsed')
})

propertyTest.prop([fc.nat(), fc.integer({ min: 32, max: 126 })])(
  'no other byte leaves the signature good',
  async (where, code) => {
    const at = where % signed.bytes.length
    const other = signed.bytes.slice(0, at) + String.fromCharCode(code) + signed.bytes.slice(at + 1)
    expect((await refusal(other)) === 'verified').toBe(other === signed.bytes)
  },
)

describe('cursors', () => {
  const cursor = {
    by: user(1),
    at: noon,
    stream: { key: epochId, context: thread },
    seq: 3,
    h: 'ab'.repeat(32) as never,
  }

  test('a cursor in order is verified', async () => {
    const own = await signCursor(cursor, anna.key, random)
    expect(await verifyCursor(own, anna.key.public)).toMatchObject({ ok: true, value: cursor })
  })

  test('another’s, an altered one and a statement in its place are refused', async () => {
    const own = await signCursor(cursor, anna.key, random)
    expect(await verifyCursor(own, erik.key.public)).toEqual({ ok: false, error: 'signer-differs' })
    const moved = { ...own, bytes: own.bytes.replace('"seq":3', '"seq":4') }
    expect(await verifyCursor(moved, anna.key.public)).toEqual({ ok: false, error: 'signature-wrong' })
    expect(await verifyCursor(signed, anna.key.public)).toEqual({ ok: false, error: 'shape-wrong' })
  })
})

test('a label fits one name, title and salt', async () => {
  const salt = written(random(16))
  const label = await labelOf(salt, { name: 'Anna Ek', title: 'socialsekreterare' })
  expect(await labelOf(salt, { name: 'Anna Ek', title: 'socialsekreterare' })).toBe(label)
  expect(await labelOf(salt, { name: 'Anna Ek', title: 'enhetschef' })).not.toBe(label)
  expect(await labelOf(written(random(16)), { name: 'Anna Ek', title: 'socialsekreterare' })).not.toBe(label)
  expect(uuid(1)).toMatch(/^0{8}-/)
})
