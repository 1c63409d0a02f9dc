// The operations on organisations, each with its handler.
import { tenants } from '#libs/contracts'
import { capability } from '../platform/capability.ts'
import { chain, directory, staff } from './tenants.queries.ts'

export const TenantsModule = capability(tenants, { directory, staff, chain })
