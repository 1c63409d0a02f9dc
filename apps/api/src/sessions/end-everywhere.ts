// Signing out everywhere: all sessions and sockets of the person, on every device.
import type { sessions } from '#libs/contracts'
import { herself } from '#libs/policy'
import type { Handler } from '../platform/capability.ts'
import { end } from '../platform/session.ts'

export const endEverywhere: Handler<(typeof sessions)['table']['endEverywhere']> = async (context, _input, request) => {
  const { actor, permit, enqueue, platform } = context
  permit('session.end', herself(actor))
  const ended = await platform.sessions.endAllOf(actor.user)
  await end(request)
  enqueue(() => platform.live.disconnect({ user: actor.user }))
  return { ended }
}
