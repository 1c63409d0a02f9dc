// The matrix says as little as is true: equal ways, purposes and categories are told together, unequal ones never.
import type { AuthorityId, Category } from '#libs/domain'
import { id, instant } from '#libs/domain'
import type { FlowView } from '../../crypto/facade.ts'
import { cellOf, rowsOf, sharedWithEach } from './scope-cells.ts'

const zeros = '00000000-0000-0000-0000-0000000000'
const [boras, police] = [id<AuthorityId>(`${zeros}01`), id<AuthorityId>(`${zeros}02`)]
const out = (category: Category, change: Partial<FlowView> = {}): FlowView => ({
  source: boras,
  recipient: police,
  units: null,
  category,
  purpose: 'casework',
  from: instant('2026-11-25T08:00Z'),
  until: instant('2027-03-03T23:00Z'),
  state: 'flows',
  includesEarlier: 'none',
  grants: [],
  ended: null,
  ...change,
})
const back = (category: Category, change: Partial<FlowView> = {}) =>
  out(category, { source: police, recipient: boras, ...change })
const rows = (flows: readonly FlowView[], shown: readonly Category[]) =>
  rowsOf(flows, boras, police, shown).map(({ categories, lines }) => [categories, lines.map((one) => one.direction)])

test('categories shared in the same way are one row, in the order of the catalogue; what is not shared is another', () => {
  const flows = [out('threat'), back('threat'), out('plan'), back('plan'), out('health')]
  expect(rows(flows, ['threat', 'health', 'family', 'plan'])).toEqual([
    [['threat', 'plan'], ['both']],
    [['health'], ['out']],
    [['family'], []],
  ])
})

test('another end, another state or other units are told apart', () => {
  const unlike = [
    out('plan', { until: instant('2027-04-03T22:00Z') }),
    out('plan', { state: 'waiting-for-key' }),
    out('plan', { units: [id(`${zeros}03`)] }),
    out('plan', { state: 'ended', ended: { how: 'narrowed', by: boras, at: instant('2026-12-01T08:00Z') } }),
  ]
  for (const one of unlike) expect(rows([out('threat'), one], ['threat', 'plan'])).toHaveLength(2)
  expect(rows([out('threat'), out('plan')], ['threat', 'plan'])).toHaveLength(1)
})

test('purposes of the same way stand on one line, and begin the same day though not the same minute', () => {
  const later = instant('2026-11-25T09:30Z')
  const cell = cellOf(
    [out('threat'), back('threat', { from: later }), out('threat', { purpose: 'follow_up' })],
    boras,
    police,
    'threat',
  )
  expect(cell.map(({ direction, purposes }) => [direction, purposes])).toEqual([
    ['both', ['casework']],
    ['out', ['follow_up']],
  ])
  const whole = cellOf([out('threat'), out('threat', { purpose: 'follow_up' })], boras, police, 'threat')
  expect(whole.map(({ purposes }) => purposes)).toEqual([['casework', 'follow_up']])
})

test('a consent is recognised by with whom it is and what of it stands, each once; when nothing does, by what it was', () => {
  const named = (...flows: readonly FlowView[]) => sharedWithEach(flows, boras)
  expect(named(out('plan', { state: 'ended' }), out('threat'), back('threat'), back('contact'))).toEqual([
    { authority: police, categories: ['contact', 'threat'] },
  ])
  expect(named(out('plan', { state: 'ended' }))).toEqual([{ authority: police, categories: ['plan'] }])
  expect(named()).toEqual([])
})
