// The Swedish catalogue, put together; its type is what every other language must match.
import { audit } from './sv/audit.ts'
import { cases } from './sv/cases.ts'
import { consents } from './sv/consents.ts'
import { editor } from './sv/editor.ts'
import { domain } from './sv/domain.ts'
import { keys } from './sv/keys.ts'
import { problems } from './sv/problems.ts'
import { sessions } from './sv/sessions.ts'
import { shell } from './sv/shell.ts'
import { threads } from './sv/threads.ts'

export const sv = { shell, domain, problems, sessions, keys, cases, consents, editor, threads, audit }
export type Messages = typeof sv
