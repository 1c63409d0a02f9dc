// The page's one door to keys and plaintext: the session of the crypto worker, behind typed messages.
import workerUrl from './worker.ts?worker&url'
import { Refusal } from './failure.ts'
import type { AnswerOf, ArgumentsOf, CallName, FromWorker, ToWorker } from './wire.ts'
import type { LiveEvent, SlussSession } from '#libs/client'

export type * from '#libs/client'
export { Refusal } from './failure.ts'

type Waiting = { readonly answer: (value: unknown) => void; readonly refuse: (reason: Refusal) => void }

// Trusted Types: the one script that the page may start from a string is our own worker.
const policy = window.trustedTypes?.createPolicy('sluss-worker', {
  createScriptURL: (url) => {
    if (url !== workerUrl) throw new TypeError('not our worker')
    return url
  },
})

/** Starts the worker and gives its session. Every call is answered once; a worker that dies refuses all that waited. */
export function startSession(): SlussSession {
  const url = policy?.createScriptURL(workerUrl) ?? workerUrl
  // `Worker` accepts a TrustedScriptURL at run time; its type in lib.dom knows strings only.
  const worker = new Worker(url as string, { type: 'module', name: 'sluss-crypto' })
  const waiting = new Map<number, Waiting>()
  const listeners = new Set<(event: LiveEvent) => void>()
  let next = 0

  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if ('event' in data) return listeners.forEach((listener) => listener(data.event))
    const one = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.ok) one?.answer(data.answer)
    else one?.refuse(new Refusal(data.failure))
  })
  worker.addEventListener('error', () => {
    for (const one of waiting.values()) one.refuse(new Refusal({ name: 'worker-failed', status: 0, reason: null }))
    waiting.clear()
  })

  const call = <Name extends CallName>(name: Name, given: ArgumentsOf<Name>): Promise<AnswerOf<Name>> =>
    new Promise((answer, refuse) => {
      next += 1
      // The worker answers each call with that call's own type: both ends compile against `SlussSession`.
      waiting.set(next, { answer: answer as (value: unknown) => void, refuse })
      worker.postMessage({ id: next, call: name, given } satisfies ToWorker)
    })

  const listen: SlussSession['listen'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  return new Proxy({} as SlussSession, {
    get: (_target, name) =>
      name === 'listen' ? listen : (...given: never[]) => call(name as CallName, given as never),
  })
}
