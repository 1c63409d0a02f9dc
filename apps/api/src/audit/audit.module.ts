// The operations on the log, each with its handler.
import { audit } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { ofCase } from './audit.queries.ts'

export const AuditModule = capability(audit, { ofCase })
