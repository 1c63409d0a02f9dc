// Every capability that the wire offers; the binder, the OpenAPI document, the client and the access table walk this list.
import { audit } from './audit.contract.ts'
import { cases } from './cases.contract.ts'
import { consents } from './consents.contract.ts'
import { disclosures } from './disclosures.contract.ts'
import { keys } from './keys.contract.ts'
import { sessions } from './sessions.contract.ts'
import { tenants } from './tenants.contract.ts'
import { threads } from './threads.contract.ts'

export const capabilities = [sessions, tenants, keys, cases, consents, disclosures, threads, audit] as const
