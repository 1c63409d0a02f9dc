// The operations on sessions, each with its handler.
import { sessions } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { endEverywhere } from './end-everywhere.ts'
import { endSession } from './end-session.ts'
import { me, signInTenants } from './sessions.queries.ts'

export const SessionsModule = capability(sessions, { tenants: signInTenants, me, end: endSession, endEverywhere })
