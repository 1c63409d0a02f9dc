// What follows a commit: it undoes nothing, and a failure of it is not kept quiet.
import { runAfter } from './context.ts'

test('what fails after the commit is told of, once each, and the next is done all the same', async () => {
  const [done, failures]: [string[], unknown[]] = [[], []]
  const lost = new Error('the line is gone')
  await runAfter(
    [
      () => void done.push('first'),
      () => Promise.reject(lost),
      () => {
        throw lost
      },
      async () => void done.push('last'),
    ],
    (error) => failures.push(error),
  )
  expect(done).toEqual(['first', 'last'])
  expect(failures).toEqual([lost, lost])
})
