// Threads as views of what the reader's scope covers; their messages; who has read how far.
import type { threads as contract } from '#libs/contracts'
import type { CaseId, ThreadId } from '#libs/domain'
import { cases, threads } from '#libs/persistence'
import type { ContentFacts } from '#libs/policy'
import type { Tx } from '#libs/persistence'
import type { Handler } from '../platform/capability.ts'

type Table = (typeof contract)['table']
type MessageRow = Awaited<ReturnType<typeof threads.pageMessages>>['rows'][number]

const messageAnswer = (row: MessageRow) => ({
  ...row,
  // A seal added later has no place in the stream of those before it; its own list gives the order.
  seals: row.seals.map(({ key, seq, bytes, late }) => ({ key, seq: seq ?? 0, bytes, late })),
})

/** What a thread is to the actor; null where nothing of it is, or was, hers. */
export async function threadFacts(tx: Tx, caseId: CaseId, threadId: ThreadId): Promise<ContentFacts | null> {
  const facts = await cases.facts(tx, caseId)
  return facts === null ? null : threads.threadFacts(tx, facts, threadId)
}

export const list: Handler<Table['list']> = async ({ tx, permit, scope }, { params, query }) => {
  const allowed = permit('thread.list', await cases.facts(tx, params.caseId))
  const page = await threads.pageThreads(tx, allowed, { scope: scope('thread.list'), after: query.after ?? null })
  return {
    threads: page.rows.map(({ id, purpose, first, newest }) => ({
      id,
      purpose,
      first: messageAnswer(first),
      newest: messageAnswer(newest),
    })),
    next: page.next,
  }
}

export const read: Handler<Table['read']> = async ({ tx, permit, scope }, { params, query }) => {
  const allowed = permit('message.read', await threadFacts(tx, params.caseId, params.threadId))
  const { after = null, limit } = query
  const page = await threads.pageMessages(tx, allowed, { scope: scope('message.read'), after, limit })
  return { messages: page.rows.map(messageAnswer), next: page.next }
}

export const cursors: Handler<Table['cursors']> = async ({ tx, permit }, { params }) => {
  const allowed = permit('cursor.list', await threadFacts(tx, params.caseId, params.threadId))
  return { cursors: [...(await threads.cursorsOf(tx, allowed))] }
}
