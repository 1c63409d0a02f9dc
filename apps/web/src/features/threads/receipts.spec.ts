// A receipt says what is known: read, not read, given later, or with nobody else at all.
import type { AuthorityId, Instant, UserId } from '#libs/domain'
import type { Opened } from '../../crypto/facade.ts'
import { receiptsOf } from './receipts.ts'

const [boras, police, prison] = ['boras', 'polis', 'anstalt'] as unknown as readonly [
  AuthorityId,
  AuthorityId,
  AuthorityId,
] // names suffice
const [anna, lisa, erik, ida] = ['anna', 'lisa', 'erik', 'ida'] as unknown as readonly [UserId, UserId, UserId, UserId]
const people = [
  { user: anna, authority: boras },
  { user: lisa, authority: boras },
  { user: erik, authority: police },
  { user: ida, authority: police },
]
const at = (minute: string) => `2026-11-25T08:${minute}Z` as Instant
const message = (sentTo: Opened['sentTo'], readBy: Opened['readBy'] = []) =>
  receiptsOf({ author: anna, authority: boras, sentTo, readBy }, people)
const sealed = { authority: police, state: 'sealed' } as const

test('an authority that was sent it has read it or has not, once, whoever of hers it was, at the latest time', () => {
  expect(message([sealed])).toEqual({ read: [], unread: [police], given: [], later: [], never: [], isHereOnly: false })
  const read = message(
    [sealed],
    [
      { user: ida, at: at('20') },
      { user: erik, at: at('10') },
    ],
  )
  expect(read).toEqual({
    read: [{ authority: police, at: at('20') }],
    unread: [],
    given: [],
    later: [],
    never: [],
    isHereOnly: false,
  })
})

test('colleagues stand by person, and the author never as her own reader', () => {
  const { read, unread } = message(
    [sealed],
    [
      { user: anna, at: at('10') },
      { user: lisa, at: at('11') },
    ],
  )
  expect(read).toEqual([{ user: lisa, at: at('11') }])
  expect(unread).toEqual([police])
})

test('who had no key gets it later; what was sealed to nobody else is here only; of others’ messages nothing is known', () => {
  expect(message([sealed, { authority: prison, state: 'waiting' }]).later).toEqual([prison])
  expect(message([]).isHereOnly).toBe(true)
  expect(message(null)).toEqual({ read: [], unread: [], given: [], later: [], never: [], isHereOnly: false })
})

test('what was given later has no receipt until somebody there has signed one, and what cannot be given any more says so', () => {
  const late = [
    { authority: police, state: 'sealed-late' },
    { authority: prison, state: 'never' },
  ] as const
  const nobodyHas = message(late)
  expect([nobodyHas.given, nobodyHas.later, nobodyHas.never, nobodyHas.unread]).toEqual([[police], [], [prison], []])
  expect(message(late, [{ user: ida, at: at('20') }])).toMatchObject({ read: [{ authority: police }], given: [] })
})
