// What a message is bound to: the readers that its author was shown.
import type { AuthorityId, Fingerprint, Hash, Instant, KeyId, UserId } from '#libs/domain'
import { endOfTime, hash, id } from '#libs/domain'
import { versionOf, widensFrom } from './readers.ts'

const uuid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const until: Instant = endOfTime
const own = (n: number) => ({ user: id<UserId>(uuid(n)), key: hash<Fingerprint>('a'.repeat(64)), write: true, until })
const authority = (n: number): AuthorityId => id<AuthorityId>(uuid(n))
const recipient = (n: number) => ({
  authority: authority(n),
  units: null,
  reception: id<KeyId>(uuid(n)),
  publicKey: '',
  grants: [hash<Hash>('b'.repeat(64))],
  disclosure: null,
  until,
})
const waiting = (n: number) => ({
  authority: authority(n),
  units: null,
  disclosure: null,
  cause: 'no-key' as const,
})

const shown = { own: [own(1), own(2)], recipients: [recipient(11)], waiting: [waiting(12)] }

test('the same readers in another order, and fewer of them, widen nothing', () => {
  expect(widensFrom(versionOf(shown), { ...shown, own: [own(2), own(1)] })).toBe(false)
  expect(widensFrom(versionOf(shown), { own: [own(1)], recipients: [], waiting: [] })).toBe(false)
})

test('one who was shown as waiting may read without being asked about again', () => {
  expect(
    widensFrom(versionOf(shown), { own: shown.own, recipients: [recipient(11), recipient(12)], waiting: [] }),
  ).toBe(false)
})

test('a colleague or an authority that was not shown widens, waiting or not', () => {
  expect(widensFrom(versionOf(shown), { ...shown, own: [...shown.own, own(3)] })).toBe(true)
  expect(widensFrom(versionOf(shown), { ...shown, recipients: [recipient(11), recipient(13)] })).toBe(true)
  expect(widensFrom(versionOf(shown), { ...shown, waiting: [waiting(12), waiting(13)] })).toBe(true)
})

test('a disclosure to an authority that reads by consent already is shown by itself', () => {
  const disclosed = { ...recipient(11), grants: [], disclosure: hash<Hash>('c'.repeat(64)) }
  const both = { ...shown, recipients: [recipient(11), disclosed] }
  expect(widensFrom(versionOf(shown), both)).toBe(true)
  expect(widensFrom(versionOf(both), shown)).toBe(false)
})

test('a version that nobody showed binds to nobody, so that anybody widens it', () => {
  for (const version of ['', '{}', '[]', 'null', '{"own":1}']) expect(widensFrom(version, shown)).toBe(true)
})
