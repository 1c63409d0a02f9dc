// The catalogue's words for a refusal. Server texts are never shown.
import { Refusal } from '../crypto/facade.ts'
import type { Messages } from '../i18n/index.tsx'

export type ProblemText = { readonly what: string; readonly next: string }

const has = <Table extends object>(table: Table, name: string): name is Extract<keyof Table, string> =>
  Object.hasOwn(table, name)

/** What happened and what to do; anything unknown reads as an internal error. */
export function problemText(t: Messages, thrown: unknown): ProblemText {
  const { server, client } = t.problems
  if (!(thrown instanceof Refusal)) return server['internal-error']
  // A refused message or statement may carry a closed word that the catalogue knows better.
  if (thrown.reason !== null && has(client, thrown.reason)) return client[thrown.reason]
  if (has(client, thrown.name)) return client[thrown.name]
  return has(server, thrown.name) ? server[thrown.name] : server['internal-error']
}
