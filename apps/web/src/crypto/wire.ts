// What crosses the border between the page and the crypto worker: calls, answers and events, all of them plain data.
import type { LiveEvent, SlussSession } from '#libs/client'

/** Everything that answers; `listen` alone is not a call but the stream of events. */
export type CallName = Exclude<keyof SlussSession, 'listen'>
export type ArgumentsOf<Name extends CallName> = Parameters<SlussSession[Name]>
export type AnswerOf<Name extends CallName> = Awaited<ReturnType<SlussSession[Name]>>

/** `name` is a problem's name or a word of the client; `reason` a closed word, never input. */
export type Failure = { readonly name: string; readonly status: number; readonly reason: string | null }

export type ToWorker = { readonly id: number; readonly call: CallName; readonly given: readonly unknown[] }
export type FromWorker =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }
  | { readonly event: LiveEvent }
