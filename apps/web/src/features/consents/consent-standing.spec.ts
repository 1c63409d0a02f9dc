// What is said of a consent as a whole: never more than what flows by it.
import { id, instant } from '#libs/domain'
import type { AuthorityId, Given } from '#libs/domain'
import type { FlowView } from '../../crypto/facade.ts'
import { awaited, standingOf } from './consent-standing.ts'

const zeros = '00000000-0000-0000-0000-0000000000'
const [boras, police] = [id<AuthorityId>(`${zeros}01`), id<AuthorityId>(`${zeros}02`)]
const now = instant('2026-11-25T08:00Z')
const written: Given = { how: 'in-person-written' }
const out = (state: FlowView['state'], ended: FlowView['ended'] = null) => ({
  source: boras,
  recipient: police,
  state,
  ended,
})
const back = (state: FlowView['state'], ended: FlowView['ended'] = null) => ({
  source: police,
  recipient: boras,
  state,
  ended,
})
const stands = (...flows: ReturnType<typeof out>[]) => standingOf({ state: 'standing', given: written, flows }, now)

test('it stands whole only when all that is left of it flows', () => {
  expect(stands(out('flows'), back('flows'))).toBe('whole')
  expect(stands(out('flows'), back('ended'))).toBe('whole')
  expect(stands(out('flows'), back('waiting-for-confirmation'))).toBe('partly')
})

test('narrowed, it does not stand as if it were whole', () => {
  const narrowed = back('ended', { how: 'narrowed', by: boras, at: now })
  expect(stands(out('flows'), narrowed)).toBe('narrowed')
  expect(stands(out('flows'), back('ended', { how: 'expired', by: null, at: now }))).toBe('whole')
  expect(stands(out('flows'), back('waiting-for-key'), narrowed)).toBe('partly')
})

test('while nothing flows it says what it waits for', () => {
  expect(stands(out('waiting-for-key'), back('waiting-for-confirmation'))).toBe('waits-for-both')
  expect(stands(back('waiting-for-confirmation'))).toBe('waits-for-confirmation')
  expect(stands(out('waiting-for-key'))).toBe('waits-for-key')
  expect(stands(out('uncovered'))).toBe('uncovered')
})

test('what is narrowed away or over gives nothing, and what has ended as a whole says how', () => {
  expect(stands(out('ended'), back('ended'))).toBe('nothing')
  expect(standingOf({ state: 'withdrawn', given: written, flows: [out('ended')] }, now)).toBe('withdrawn')
})

test('given in custody it rests from release', () => {
  const given = (restsFrom: string): Given => ({ how: 'in-custody', restsFrom: instant(restsFrom) })
  const flows = [out('ended')]
  expect(standingOf({ state: 'standing', given: given('2026-11-25T08:00Z'), flows }, now)).toBe('rests')
  expect(standingOf({ state: 'standing', given: given('2026-11-26T08:00Z'), flows: [out('flows')] }, now)).toBe('whole')
})

test('whom it waits for: the source that is to confirm, the recipient that lacks a key, each once; nobody when it has ended', () => {
  const flows = [out('waiting-for-key'), out('waiting-for-key'), back('waiting-for-confirmation'), out('uncovered')]
  expect(awaited({ state: 'standing', given: written, flows })).toEqual({
    toConfirm: [police],
    toGetKeys: [police],
    isUncovered: true,
  })
  expect(awaited({ state: 'withdrawn', given: written, flows }).toConfirm).toEqual([])
})
