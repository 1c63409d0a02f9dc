// Where the paper of a consent is kept and who has seen it: content of one's own authority, in `plan`, sealed to own readers only.
import { threads as operations } from '#libs/contracts'
import type { ThreadId } from '#libs/domain'
import { id } from '#libs/domain'
import type { Context, Worked } from './context.ts'
import { compose } from './messages.ts'
import { randomId } from './randomness.ts'

/** Keeps the reference before the consent is registered, so that nobody whom the consent lets in is a reader of it. */
export async function keepEvidence(context: Context, worked: Worked, evidence: string): Promise<void> {
  const { append, message } = await compose(context, worked, {
    thread: id<ThreadId>(randomId(context.random)),
    category: 'plan',
    purpose: 'casework',
    body: { kind: 'text', title: 'Samtycke', text: evidence },
    readers: null,
    toOthers: 'nobody',
  })
  await context.http.call(operations.table.send, {
    params: { caseId: worked.book.id },
    body: { append, message: { ...message, seals: [...message.seals], leftOut: [...message.leftOut] } },
  })
  context.stale(worked.book.id)
}
