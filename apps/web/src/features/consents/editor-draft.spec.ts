// What a person must decide is never decided by a form that was left as it stood.
import { parseDate } from '@internationalized/date'
import { id } from '#libs/domain'
import type { AuthorityId } from '#libs/domain'
import { consentOf, emptyDraft, lastDayOf, missingIn, newCounterpart, type EditorDraft } from './editor-draft.ts'

const police = id<AuthorityId>('00000000-0000-0000-0000-000000000002')
const today = parseDate('2026-11-25')
const written: EditorDraft = {
  ...emptyDraft(today),
  givers: ['individual'],
  how: 'in-person-written',
  agreed: 'Att uppgifterna delas.',
  information: 'Informationsblad 3',
  evidence: 'Pärm 3',
  counterparts: [{ ...newCounterpart(police), direction: 'mutual', categories: ['threat'], purposes: ['casework'] }],
  until: lastDayOf(today, 6).toString(),
}

test('direction, categories, purposes and time are asked for, and nothing is signed without them', () => {
  const untouched = { ...written, counterparts: [newCounterpart(police)], until: null }
  expect(missingIn('scope', untouched, today)).toEqual([
    { field: 'direction', authority: police },
    { field: 'categories', authority: police },
    { field: 'purposes', authority: police },
  ])
  expect(missingIn('time', untouched, today)).toEqual([{ field: 'until' }])
  expect(consentOf(untouched, today)).toBeNull()
  expect(consentOf({ ...written, until: null }, today)).toBeNull()
  expect(consentOf(written, today)?.flows).toEqual([
    {
      counterpart: police,
      units: null,
      direction: 'mutual',
      categories: ['threat'],
      purposes: ['casework'],
      includesEarlier: 'none',
    },
  ])
})

test('every span to choose from ends within the twelve months, and a day more does not', () => {
  const until = (day: string) => missingIn('time', { ...written, until: day }, today)
  expect(lastDayOf(today, 3).toString()).toBe('2027-02-24')
  expect(until(lastDayOf(today, 12).toString())).toEqual([])
  expect(until(lastDayOf(today, 12).add({ days: 1 }).toString())).toEqual([{ field: 'until' }])
})
