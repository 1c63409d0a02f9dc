import type { FlowView } from '../../crypto/facade.ts'
import { goingOn, narrowingsOf } from './narrowings.ts'

const aFlow = (category: string, state: FlowView['state'] = 'flows', source = 'boras', recipient = 'polis'): FlowView =>
  ({ source, recipient, category, state }) as FlowView // the rest plays no part

test('nothing unticked is no narrowing', () => {
  expect(narrowingsOf([aFlow('threat'), aFlow('plan')], new Set())).toEqual([])
})

test('what is unticked is narrowed one way at a time, and the other way is left alone', () => {
  const flows = [aFlow('threat'), aFlow('plan'), aFlow('threat', 'flows', 'polis', 'boras')]
  expect(narrowingsOf(flows, new Set(['boras/polis/threat', 'boras/polis/plan']))).toEqual([
    { source: 'boras', recipient: 'polis', categories: ['threat', 'plan'] },
  ])
})

test('a way that another consent gives goes on; one that is lost, or waits, does not', () => {
  const [lost, kept, waits] = [aFlow('threat'), aFlow('plan'), aFlow('health', 'waiting-for-confirmation')]
  expect(goingOn([lost, kept, waits], [lost])).toEqual([kept])
})

test('until it is computed nothing is said to go on', () => {
  expect(goingOn([aFlow('threat')], undefined)).toEqual([])
})
