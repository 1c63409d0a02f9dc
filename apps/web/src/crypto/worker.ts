// The crypto worker: hosts the client library's session. Keys and the index of plaintext live here and nowhere else.
import '../no-eval.ts'
import { connect, wordsOf } from '#libs/client'
import type { SlussSession } from '#libs/client'
import { readConfiguration } from './configuration.ts'
import { outboxOnDevice } from './outbox.ts'
import { failureOf } from './failure.ts'
import type { FromWorker, ToWorker } from './wire.ts'

const say = (message: FromWorker): void => self.postMessage(message)

const passing = new Set(['ledger-moved-on', 'key-stale', 'offline', 'unavailable', 'not-signed-in', 'locked'])

let session: Promise<SlussSession> | null = null

/** Connected once; a start that failed (no network) is tried again by the next call. */
function connected(): Promise<SlussSession> {
  session ??= readConfiguration(self.location.origin)
    .then(({ rootFingerprint }) =>
      connect({
        baseUrl: self.location.origin,
        rootFingerprint,
        clock: () => Date.now(),
        outbox: outboxOnDevice(),
        // That somebody else was quicker, the line was gone or she locked is nobody's trouble: the next opening does it.
        trouble: (problem) => {
          if (!passing.has(problem.name)) say({ event: { type: 'refused', ...wordsOf(problem) } })
        },
      }),
    )
    .then((started) => {
      started.listen((event) => {
        if (event.type === 'session.ended') {
          // Keys and plaintext go before the page is told: whoever signs in next begins with none.
          started.close()
          session = null
        }
        say({ event })
      })
      return started
    })
    .catch((thrown: unknown) => {
      session = null
      throw thrown
    })
  return session
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  void connected()
    .then((started) => {
      const method = started[data.call] as (...given: readonly unknown[]) => Promise<unknown>
      return method.apply(started, [...data.given])
    })
    .then(
      (answer) => say({ id: data.id, ok: true, answer }),
      (thrown: unknown) => say({ id: data.id, ok: false, failure: failureOf(thrown) }),
    )
})
