// The organisations one can sign in to: asked before there is a session, so not through the crypto worker.
import { sessions, type AnswerOf } from '#libs/contracts'
import { Refusal } from '../../crypto/facade.ts'

const operation = sessions.table.tenants
export type Tenant = AnswerOf<typeof operation>['tenants'][number]

export async function fetchTenants(): Promise<readonly Tenant[]> {
  const response = await fetch(operation.path, { headers: { 'x-sluss': '1' } }).catch(() => {
    throw new Refusal({ name: 'offline', status: 0, reason: null })
  })
  if (!response.ok) {
    throw new Refusal({
      name: response.status === 503 ? 'unavailable' : 'internal-error',
      status: response.status,
      reason: null,
    })
  }
  const parsed = operation.answer.safeParse(await response.json())
  if (!parsed.success) throw new Refusal({ name: 'not-an-answer', status: response.status, reason: null })
  return [...parsed.data.tenants].sort((one, other) => one.name.localeCompare(other.name, 'sv'))
}
