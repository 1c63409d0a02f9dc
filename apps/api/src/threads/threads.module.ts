// The operations on threads, each with its handler.
import { threads } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { addSeals } from './add-seals.ts'
import { moveCursor } from './move-cursor.ts'
import { sendMessage } from './send-message.ts'
import { cursors, list, read } from './threads.queries.ts'

export const ThreadsModule = capability(threads, {
  list,
  read,
  send: sendMessage,
  seal: addSeals,
  moveCursor,
  cursors,
})
