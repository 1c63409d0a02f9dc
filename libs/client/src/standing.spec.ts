// Who is left out of a seal because the server says so, before the signed reason has come.
import type { AuthorityId, Hash, KeyId, Recipient } from '#libs/domain'
import { endOfTime, hash, id } from '#libs/domain'
import { leftOutByWord } from './standing.ts'

const uuid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const grant = (n: number): Hash => hash<Hash>(String(n).padStart(64, '0'))
const recipient = (n: number, grants: readonly Hash[], disclosure: Hash | null = null): Recipient => ({
  authority: id<AuthorityId>(uuid(n)),
  units: null,
  reception: id<KeyId>(uuid(n)),
  publicKey: '',
  grants,
  disclosure,
  until: endOfTime,
})
const saying = (...withdrawn: readonly Hash[]) => ({ withdrawnByWord: new Set(withdrawn) })

test('a recipient is left out when all that it reads by is withdrawn, and no other with it', () => {
  const [gone, stands] = [recipient(1, [grant(1)]), recipient(2, [grant(2)])]
  expect(leftOutByWord(saying(grant(1)), [gone, stands])).toEqual([gone])
})

test('one that reads by another grant still is not', () => {
  const both = recipient(1, [grant(1), grant(2)])
  expect(leftOutByWord(saying(grant(1)), [both])).toEqual([])
  expect(leftOutByWord(saying(grant(1), grant(2)), [both])).toEqual([both])
})

test('no withdrawal of a consent touches a disclosure, and silence leaves nobody out', () => {
  const disclosed = recipient(1, [], grant(3))
  expect(leftOutByWord(saying(grant(1)), [disclosed])).toEqual([])
  expect(leftOutByWord(saying(), [recipient(1, [grant(1)])])).toEqual([])
})
