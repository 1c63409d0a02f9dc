// Signing out here: this session and its sockets.
import type { sessions } from '#libs/contracts'
import { herself } from '#libs/policy'
import type { Handler } from '../platform/capability.ts'
import { sessionDigest } from '../platform/gateway.ts'
import { end } from '../platform/session.ts'

export const endSession: Handler<(typeof sessions)['table']['end']> = async (context, _input, request) => {
  const { actor, permit, enqueue, platform } = context
  permit('session.end', herself(actor))
  const digest = sessionDigest(request.sessionID)
  await end(request)
  enqueue(() => platform.live.disconnect({ session: digest }))
  return {}
}
