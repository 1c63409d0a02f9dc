// Whatever single thing is changed, a message is refused; whatever is written and whoever may read, it opens for them alike.
import { fc, test } from '@fast-check/jest'
import type { CaseKey } from './index.ts'
import { caseKey, openMessage } from './index.ts'
import type { Given } from './spec/given.ts'
import {
  aMessage,
  asServed,
  authority,
  epochId,
  expecting,
  flowId,
  messageId,
  random,
  read,
  start,
  user,
  uuid,
  written,
} from './spec/given.ts'

let given: Given
beforeAll(async () => {
  given = await aMessage()
})

const anOctet = { where: fc.double({ min: 0, max: 0.999999, noNaN: true }), turn: fc.integer({ min: 1, max: 255 }) }
function turned(text: string, where: number, turn: number): string {
  const bytes = read(text)
  const at = Math.floor(where * bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ turn
  return written(bytes)
}

test.prop(anOctet)('any octet of the ciphertext changed: refused', async ({ where, turn }) => {
  const served = asServed(given.sealed, epochId)
  const ciphertext = turned(served.ciphertext, where, turn)
  expect((await openMessage({ ...served, ciphertext }, given.epoch, expecting(given))).ok).toBe(false)
})

test.prop(anOctet)('any octet of the seal changed: refused', async ({ where, turn }) => {
  const served = asServed(given.sealed, flowId)
  const seal = { ...served.seal, bytes: turned(served.seal.bytes, where, turn) }
  const opened = await openMessage({ ...served, seal }, given.flow, expecting(given))
  expect(opened).toEqual({ ok: false, error: 'seal-does-not-open' })
})

test.prop(
  {
    text: fc.string({ unit: 'grapheme', maxLength: 3000 }),
    title: fc.option(fc.string({ unit: 'grapheme', maxLength: 60 }), { nil: null }),
    flows: fc.integer({ min: 0, max: 20 }),
  },
  { numRuns: 25 },
)('each key in scope opens the same body, and no other key does', async ({ text, title, flows }) => {
  const keys: CaseKey[] = []
  for (let i = 0; i < flows; i++) keys.push(await caseKey(uuid(0xf00 + i) as typeof flowId, random(32)))
  const body = { kind: 'text' as const, title, text }
  const recipients = keys.map((key, i) => ({ authority: authority(i), flow: key.id, cause: 'sealed' as const }))
  const under = await Promise.all(keys.map(async (key) => ({ key, seen: await start(key) })))
  const sent = await aMessage({ id: messageId(9), body, flows: under, recipients, random })
  for (const key of [sent.epoch, ...keys]) {
    const opened = await openMessage(asServed(sent.sealed, key.id), key, expecting(sent, { writers: [user(1)] }))
    expect(opened).toMatchObject({ ok: true, value: { body } })
    const stranger = await caseKey(key.id, random(32))
    expect((await openMessage(asServed(sent.sealed, key.id), stranger, expecting(sent))).ok).toBe(false)
  }
})
