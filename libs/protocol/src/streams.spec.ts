// Streams: order, gaps, repetition, forks and roll-back (protocol.md §§ 6, 7, 11).
import type { Hash } from '#libs/domain'
import { hash, id } from '#libs/domain'
import { listHash, StreamVerifier, streamNext, streamStart } from './index.ts'
import { epochId, flowId, messageId, thread } from './spec/given.ts'

const commit = hash<Hash>('c0'.repeat(32))
const ciphertext = (n: number): Hash => hash<Hash>(n.toString(16).padStart(64, '0'))
const stream = { key: epochId, context: thread }

async function read(...texts: readonly number[]): Promise<StreamVerifier> {
  const verifier = await StreamVerifier.start(commit, stream)
  for (const [i, text] of texts.entries()) expect((await verifier.accept(i + 1, ciphertext(text))).ok).toBe(true)
  return verifier
}

test('a stream read in order stands where its running hash says', async () => {
  const verifier = await read(1, 2)
  const h = await streamNext(await streamNext(await streamStart(commit, stream), ciphertext(1)), ciphertext(2))
  expect(verifier.head).toEqual({ n: 2, h })
})

test('a gap is told, what comes after it is taken, and what belongs there still closes it', async () => {
  const verifier = await read(1)
  const whole = await read(1, 2, 3, 4)
  expect((await verifier.accept(4, ciphertext(4))).ok).toBe(true)
  expect(verifier.gaps).toEqual([{ from: 2, to: 3 }])
  expect(verifier.head.n).toBe(1)
  expect(verifier.compare(whole.head)).toEqual({ ok: true, value: 'unknown' })
  for (const place of [3, 2]) expect((await verifier.accept(place, ciphertext(place))).ok).toBe(true)
  expect(verifier.gaps).toEqual([])
  expect(verifier.head).toEqual(whole.head)
})

test('behind a gap order is checked again from where an author says that she had read', async () => {
  const verifier = await read(1)
  const [before, whole] = [await read(1, 2), await read(1, 2, 3)]
  await verifier.accept(3, ciphertext(3))
  await verifier.tell(before.head)
  expect(verifier.end).toEqual(whole.head)
  expect(verifier.head.n).toBe(1)
  expect(verifier.compare((await read(1, 9, 3)).head)).toEqual({ ok: false, error: 'stream-forked' })
  // What is known is not told otherwise.
  await verifier.tell((await read(7)).head)
  expect(verifier.compare((await read(1)).head)).toEqual({ ok: true, value: 'agrees' })
})

test('a repeated place is refused', async () => {
  expect(await (await read(1, 2)).accept(2, ciphertext(2))).toEqual({ ok: false, error: 'stream-repeated' })
})

test('another order is another hash', async () => {
  expect((await read(1, 2)).head.h).not.toBe((await read(2, 1)).head.h)
})

test('a stream of another key or thread starts elsewhere', async () => {
  const starts = await Promise.all([
    streamStart(commit, stream),
    streamStart(commit, { ...stream, key: flowId }),
    streamStart(commit, { ...stream, context: id<typeof thread>(flowId) }),
    streamStart(ciphertext(1), stream),
  ])
  expect(new Set(starts).size).toBe(4)
})

test('two views that were given different messages are found out when they meet', async () => {
  const anna = await read(1, 2, 3)
  const erik = await read(1, 9)
  expect(anna.compare(erik.head)).toEqual({ ok: false, error: 'stream-forked' })
  expect(anna.compare((await read(1)).head)).toEqual({ ok: true, value: 'agrees' })
})

test('what lies ahead is unknown until one has read on, and a roll-back if there is nothing more', async () => {
  const behind = await read(1)
  const ahead = (await read(1, 2)).head
  expect(behind.compare(ahead)).toEqual({ ok: true, value: 'unknown' })
  expect(behind.reaches(ahead)).toEqual({ ok: false, error: 'stream-rolled-back' })
  expect((await read(1, 2, 3)).reaches(ahead).ok).toBe(true)
})

test('a list of late seals is hashed with ids, ciphertexts and order', async () => {
  const one = { id: messageId(1), ciphertext: ciphertext(1) }
  const two = { id: messageId(2), ciphertext: ciphertext(2) }
  const hashes = await Promise.all([
    listHash([one, two]),
    listHash([two, one]),
    listHash([one]),
    listHash([{ ...one, id: messageId(3) }, two]),
  ])
  expect(new Set(hashes).size).toBe(4)
})
