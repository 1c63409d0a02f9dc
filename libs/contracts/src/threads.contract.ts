// Threads and their sealed messages; cursors; late seals (protocol.md §§ 6–7).
import { z } from 'zod'
import { operations } from './operation.ts'
import {
  append,
  appended,
  base64,
  caseId,
  compartmentId,
  cursor,
  flowName,
  hash,
  instant,
  keyId,
  largestCount,
  messageId,
  purpose,
  seal,
  signed,
  threadId,
  userId,
} from './schemas.ts'

/** The outer header stands in clear beside the ciphertext; the inner one is signed and must equal it field by field. */
export const sealedMessage = z.strictObject({
  id: messageId,
  compartment: compartmentId,
  thread: threadId,
  author: userId,
  at: instant,
  commit: hash,
  ciphertext: base64(262_144),
  seals: z.array(seal).min(1).max(64),
  /** Open flows for which no seal is sent, by their compartment's recipient, and why (protocol.md § 6). */
  leftOut: z.array(z.strictObject({ flow: flowName, cause: z.enum(['word', 'uncovered']) })).max(64),
})
export type SealedMessage = z.output<typeof sealedMessage>

/** As read: with the one seal that the reader can open and its place in that stream; nothing of other readers. */
export const readMessage = z.object({
  id: messageId,
  compartment: compartmentId,
  thread: threadId,
  author: userId,
  at: instant,
  acceptedAt: z.string(),
  commit: hash,
  ciphertext: z.string(),
  seals: z.array(z.object({ key: keyId, seq: z.number(), bytes: z.string(), late: z.boolean() })),
})
export type ReadMessage = z.output<typeof readMessage>

const ofCase = z.strictObject({ caseId })
const ofThread = z.strictObject({ caseId, threadId })

export const threads = operations('threads', {
  list: {
    act: 'thread.list',
    method: 'GET',
    path: '/cases/:caseId/threads',
    params: ofCase,
    query: z.strictObject({ after: cursor.optional() }),
    /** Each with its first and newest readable message, so that a client can show the title and the latest line. */
    answer: z.object({
      threads: z.array(z.object({ id: threadId, purpose, first: readMessage, newest: readMessage })),
      next: cursor.nullable(),
    }),
    problems: ['scope-ended', 'assignment-ended'],
  },
  read: {
    act: 'message.read',
    method: 'GET',
    path: '/cases/:caseId/threads/:threadId/messages',
    params: ofThread,
    query: z.strictObject({ after: cursor.optional(), limit: z.coerce.number().int().min(1).max(200).default(100) }),
    answer: z.object({ messages: z.array(readMessage), next: cursor.nullable() }),
    problems: ['scope-ended', 'assignment-ended'],
  },
  /** Keys that must be started first travel along: starting keys and writing is one request. Idempotent by the message's id. */
  send: {
    act: 'message.send',
    method: 'POST',
    path: '/cases/:caseId/messages',
    params: ofCase,
    body: z.strictObject({ append: append.nullable(), message: sealedMessage }),
    answer: z.object({ acceptedAt: z.string(), places: z.array(z.object({ key: keyId, seq: z.number() })) }),
    problems: [
      'statement-refused',
      'message-refused',
      'ledger-moved-on',
      'key-stale',
      'seals-differ',
      'clock-apart',
      'scope-ended',
      'assignment-ended',
    ],
  },
  /** seals.added, and the seals it lists: for messages that waited or that a grant opens afterwards. */
  seal: {
    act: 'seal.add',
    method: 'POST',
    path: '/cases/:caseId/seals',
    params: ofCase,
    body: z.strictObject({
      append,
      seals: z
        .array(z.strictObject({ message: messageId, key: keyId, bytes: base64(512) }))
        .min(1)
        .max(1000),
    }),
    answer: appended,
    problems: ['statement-refused', 'message-refused', 'ledger-moved-on', 'key-stale', 'clock-apart'],
  },
  /** A signed cursor {stream, seq, h, at}: the read receipt. The latest per reader and stream is kept. */
  moveCursor: {
    act: 'cursor.move',
    method: 'POST',
    path: '/cases/:caseId/threads/:threadId/cursors',
    params: ofThread,
    body: z.strictObject({ key: keyId, seq: z.number().int().min(0).max(largestCount), cursor: signed }),
    answer: z.object({}),
    problems: ['message-refused', 'clock-apart'],
  },
  cursors: {
    act: 'cursor.list',
    method: 'GET',
    path: '/cases/:caseId/threads/:threadId/cursors',
    params: ofThread,
    answer: z.object({ cursors: z.array(z.object({ user: userId, key: keyId, seq: z.number(), cursor: signed })) }),
    problems: [],
  },
})

/** Live events, each with the act that its listener must be allowed. */
export const events = {
  /** Sent to the room of each key that seals the message, with that key's seal alone. */
  'message.accepted': { act: 'message.read', payload: z.object({ case: caseId, message: readMessage }) },
  /** To one person: her scope in this case changed; `left` lists keys whose rooms she was taken out of. */
  'scope.changed': { act: 'case.read', payload: z.object({ case: caseId, left: z.array(keyId) }) },
  /** To those of the parties of a place that moved who may read the case, whether they follow it or not: read it, and the list, again. */
  'chain.moved': { act: 'case.read', payload: z.object({ case: caseId }) },
  'cursor.moved': { act: 'cursor.list', payload: z.object({ case: caseId, thread: threadId }) },
  /** To the sockets of one session, the last that they hear: it was not used for too long, or has reached its end. */
  'session.ended': { act: 'session.read', payload: z.object({ reason: z.enum(['idle', 'over']) }) },
  /** To one who asked without waiting for an answer, in whose acknowledgement the problem would stand otherwise. */
  'request.refused': {
    act: 'session.read',
    payload: z.object({ problem: z.object({ type: z.string(), title: z.string(), status: z.number() }) }),
  },
} as const
/** What a client may emit. */
export const requests = {
  'case.follow': { act: 'case.read', payload: z.strictObject({ case: caseId }), answer: z.object({ at: z.string() }) },
  'case.leave': { act: 'case.read', payload: z.strictObject({ case: caseId }), answer: z.object({}) },
} as const
