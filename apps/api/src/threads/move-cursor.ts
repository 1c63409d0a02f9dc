// A signed cursor: how far its reader has read a stream; the read receipt (protocol.md § 7).
import type { threads as contract } from '#libs/contracts'
import { threads } from '#libs/persistence'
import { parseCursor, verifyCursor } from '#libs/protocol/verify'
import { checkClock } from '../platform/append.ts'
import type { Handler } from '../platform/capability.ts'
import { Problem, unwrapMessage } from '../platform/problem.ts'
import { threadFacts } from './threads.queries.ts'

export const moveCursor: Handler<(typeof contract)['table']['moveCursor']> = async (context, { params, body }) => {
  const { tx, actor, platform } = context
  const facts = await threadFacts(tx, params.caseId, params.threadId)
  const permit = context.permit('cursor.move', facts)
  await platform.chains.at(tx)
  const key = await platform.chains.keyNamed(unwrapMessage(parseCursor(body.cursor.bytes)).key)
  const cursor = unwrapMessage(await verifyCursor(body.cursor, key))
  const { stream } = cursor
  const isOfStream = 'key' in stream && stream.key === body.key && stream.context === params.threadId
  if (!isOfStream || cursor.seq !== body.seq || cursor.by !== actor.user)
    throw new Problem('message-refused', { reason: 'header-differs' })
  checkClock([cursor], context.at)
  await threads.storeCursor(tx, permit, { key: body.key, seq: body.seq, at: cursor.at, signed: body.cursor })
  const authorities = [...new Set([actor.authority, facts?.source ?? actor.authority])]
  context.enqueue(() => platform.live.cursorMoved(params.caseId, params.threadId, authorities))
  return {}
}
