// Work that waits for its turn.
import { Turns } from './turns.ts'

function held(): { readonly promise: Promise<void>; release: () => void } {
  let release = (): void => undefined
  const promise = new Promise<void>((resolve) => (release = resolve))
  return { promise, release: () => release() }
}

test('of one name one at a time, in the order asked; of another at once', async () => {
  const turns = new Turns<string>()
  const first = held()
  const done: string[] = []
  const all = [
    turns.take('a', async () => {
      await first.promise
      done.push('a first')
    }),
    turns.take('a', () => Promise.resolve(void done.push('a second'))),
  ]
  await turns.take('b', () => Promise.resolve(void done.push('b')))
  expect(done).toEqual(['b'])
  first.release()
  await Promise.all(all)
  expect(done).toEqual(['b', 'a first', 'a second'])
})

test('one that fails fails for who asked it, and the next has its turn', async () => {
  const turns = new Turns<string>()
  const failing = turns.take('a', () => Promise.reject(new Error('no')))
  const next = turns.take('a', () => Promise.resolve('yes'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
