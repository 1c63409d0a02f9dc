// How the table's specs ask the API: bare calls as somebody, what each answer comes to, and roles for as long as a question takes.
import { cookiesOf } from '../support/bare.ts'
import { once } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'
import { accessTable } from './access-table.ts'
import type { AccessRelation } from './notation.ts'
import { expectedAnswer } from './notation.ts'

export type Asking = Name | 'anonymous'
export type Answer = {
  readonly status: number
  readonly type: string | null
  readonly body: unknown
  /** All that she could tell two answers apart by. */
  readonly whole: string
}

export async function ask(
  here: Given,
  who: Asking,
  call: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<Answer> {
  const cookie = who === 'anonymous' ? '' : cookiesOf(here.person(who).jar)
  const answer = await fetch(`${here.sluss.nodes[0]?.url ?? ''}${call.path}`, {
    method: call.method,
    headers: {
      'x-sluss': '1',
      ...(cookie === '' ? {} : { cookie }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  })
  const body = (await answer.json()) as { type?: string; requestId?: string }
  delete body.requestId
  const headers = [...answer.headers]
    .filter(([header]) => !['date', 'x-request-id', 'set-cookie'].includes(header))
    .sort()
  return {
    status: answer.status,
    type: body.type?.replace('/problems/', '') ?? null,
    body,
    whole: JSON.stringify([answer.status, headers, body]),
  }
}

/** `yes` is whatever the policy let through: an answer, or a refusal of what the request says. */
export const said = ({ status, type }: Pick<Answer, 'status' | 'type'>): string => {
  if (status === 401) return 'anonymous'
  if (status === 404) return 'absent'
  if (status === 403) return type ?? 'no reason'
  return status < 500 && status !== 400 ? 'yes' : `${status} ${type ?? ''}`
}

/** What stands for somebody with several roles: the role that may do most. */
export function expected(name: string, relation: AccessRelation, roles: readonly string[]): string {
  const row = accessTable[name]
  if (row === undefined) throw new Error(`${name} has no row`)
  const answers = roles.map((role) => expectedAnswer(row, role, relation))
  return answers.find((one) => one === 'yes') ?? answers.find((one) => one !== 'absent') ?? answers[0] ?? 'absent'
}

/** An operator's hand: these and no other are her roles from now on. */
export async function givenRoles(here: Given, who: Name, roles: readonly string[]): Promise<void> {
  const { user } = here.person(who)
  const rows = roles.map((role) => `('${user}', '${role}')`).join(', ')
  await once(
    here.sluss.database.adminUrl,
    `begin; delete from user_roles where user_id = '${user}'; insert into user_roles (user_id, role) values ${rows}; commit`,
  )
}
