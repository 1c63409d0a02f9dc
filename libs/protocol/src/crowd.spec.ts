// Many at once: whoever writes signs what she had read, and the server alone gives the places, so that nobody waits (protocol.md § 6).
import type { UserId } from '#libs/domain'
import type { Seen } from './index.ts'
import {
  caseKey,
  hashOfCiphertext,
  commitOf,
  createStaffKey,
  openMessage,
  sealMessage,
  StreamVerifier,
} from './index.ts'
import {
  aMessage,
  asServed,
  compartment,
  epochId,
  expecting,
  made,
  messageId,
  random,
  thread,
  user,
} from './spec/given.ts'

const members = 50
const rounds = 3

test('fifty members write between each other: every message opens, in its place, with nothing doubted', async () => {
  const given = await aMessage()
  const epoch = await caseKey(epochId, random(32))
  const commit = await commitOf(epoch.secret, compartment, epochId)
  const people = await Promise.all(
    Array.from({ length: members }, async (_, place) => ({
      user: user(100 + place),
      key: (await createStaffKey({ random, at: made })).key,
    })),
  )
  const writers: readonly UserId[] = people.map((one) => one.user)
  const reader = await StreamVerifier.start(commit, { key: epochId, context: thread })
  // Each is as far behind as she was when she began to write: some by one message, some by a whole round.
  const heads: Seen[] = [reader.head]
  const known = new Set<string>()
  for (let sent = 0; sent < members * rounds; sent += 1) {
    const author = people[(sent * 7) % members]
    const seen = heads[Math.max(0, sent - (sent % members))]
    if (author === undefined || seen === undefined) throw new Error('everybody is there')
    const sealed = await sealMessage({
      ...given.input,
      id: messageId(1000 + sent),
      author: author.user,
      by: author.key,
      body: { kind: 'text', title: null, text: `${sent}` },
      epoch: { key: epoch, seen },
      flows: [],
      recipients: [],
      random,
    })
    const ciphertext = await hashOfCiphertext(sealed.ciphertext)
    if (!ciphertext.ok) throw new Error(ciphertext.error)
    expect((await reader.accept(sent + 1, ciphertext.value)).ok).toBe(true)
    const expected = expecting(given, { author: author.key.public, writers, known: (id) => known.has(id) })
    const opened = await openMessage(asServed(sealed, epochId, sent + 1), epoch, expected)
    expect(opened).toMatchObject({ ok: true, value: { author: author.user, body: { text: `${sent}` } } })
    expect(opened.ok && opened.value.seen !== null && reader.reaches(opened.value.seen).ok).toBe(true)
    known.add(sealed.id)
    heads.push(reader.head)
  }
  expect(reader.head.n).toBe(members * rounds)
  expect(reader.gaps).toEqual([])
})
