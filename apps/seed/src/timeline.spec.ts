// Demo times become instants by Stockholm's clock, and only what has happened is told.
import { instant } from '#libs/domain'
import { inOrder, instantAt } from './timeline.ts'

const today = Date.parse('2026-11-24T03:30Z')

test('a winter time is an hour ahead of UTC and a summer time two', () => {
  expect(instantAt({ d: 0, t: '09:00' }, today)).toBe('2026-11-24T08:00Z')
  expect(instantAt({ d: -120, t: '09:00' }, today)).toBe('2026-07-27T07:00Z')
})

test('the demo day is the day in Stockholm, also when UTC has another date', () => {
  expect(instantAt({ d: 0, t: '08:00' }, Date.parse('2026-11-23T23:30Z'))).toBe('2026-11-24T07:00Z')
})

test('events come in time order, those of one minute as written, and what lies ahead is left out', () => {
  const event = (what: string, at: string) => ({ what, at: instant(at), happen: async () => undefined })
  const events = [
    event('c', '2026-11-20T10:00Z'),
    event('a', '2026-11-19T10:00Z'),
    event('d', '2026-11-20T10:00Z'),
    event('later', '2026-11-25T10:00Z'),
  ]
  expect(inOrder(events, instant('2026-11-24T03:30Z')).map((one) => one.what)).toEqual(['a', 'c', 'd'])
})
