// The English catalogue, put together; loaded when asked for.
import { audit } from './en/audit.ts'
import { cases } from './en/cases.ts'
import { consents } from './en/consents.ts'
import { editor } from './en/editor.ts'
import { domain } from './en/domain.ts'
import { keys } from './en/keys.ts'
import { problems } from './en/problems.ts'
import { sessions } from './en/sessions.ts'
import { shell } from './en/shell.ts'
import type { Messages } from './sv.ts'
import { threads } from './en/threads.ts'

export const en: Messages = { shell, domain, problems, sessions, keys, cases, consents, editor, threads, audit }
