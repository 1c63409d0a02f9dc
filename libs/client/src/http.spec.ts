// A call writes what the contract says, believes only answers of its form, and throws the server's problem by name.
import { sessions, tenants } from '#libs/contracts'
import { id } from '#libs/domain'
import type { TenantId } from '#libs/domain'
import { httpFor } from './http.ts'
import { SlussProblem } from './problem.ts'

type Asked = { url: string; init: RequestInit }

function serving(status: number, body: string): { asked: Asked[]; http: ReturnType<typeof httpFor> } {
  const asked: Asked[] = []
  const fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    asked.push({ url, init })
    return new Response(body, { status })
  }
  return { asked, http: httpFor({ baseUrl: 'http://sluss.example/', fetch }) }
}

const tenant = id<TenantId>('00000000-0000-0000-0000-000000000001')

test('params and query stand in the address, and the header that no other site can send is there', async () => {
  const { asked, http } = serving(200, JSON.stringify({ statements: [], more: false }))
  await http.call(tenants.table.chain, { params: { tenantId: tenant }, query: { from: 3 } })
  expect(asked[0]?.url).toBe(`http://sluss.example/tenants/${tenant}/chain?from=3`)
  expect(new Headers(asked[0]?.init.headers).get('x-sluss')).toBe('1')
})

test('members that the contract does not name do not get past the answer', async () => {
  const { http } = serving(200, JSON.stringify({ tenants: [{ id: tenant, name: 'Borås', kind: 'kommun', secret: 1 }] }))
  const answer = await http.call(sessions.table.tenants)
  expect(answer.tenants).toEqual([{ id: tenant, name: 'Borås', kind: 'kommun' }])
})

test('a problem document is thrown by its name, with its reason', async () => {
  const { http } = serving(403, JSON.stringify({ type: '/problems/scope-ended', status: 403, reason: 'withdrawn' }))
  await expect(http.call(sessions.table.me)).rejects.toMatchObject({
    name: 'scope-ended',
    status: 403,
    reason: 'withdrawn',
  })
})

test('an answer out of form, an unknown problem and a page of another server are nobody we know', async () => {
  for (const [status, body] of [
    [200, '{"tenants":1}'],
    [418, '{"type":"/problems/teapot"}'],
    [200, '<html>'],
  ] as const)
    await expect(serving(status, body).http.call(sessions.table.tenants)).rejects.toMatchObject({
      name: 'not-an-answer',
    })
})

test('a proxy that finds no server, and no network at all, are told apart from refusals', async () => {
  await expect(serving(503, 'no server').http.call(sessions.table.me)).rejects.toMatchObject({ name: 'unavailable' })
  const broken = httpFor({ baseUrl: 'http://sluss.example', fetch: () => Promise.reject(new Error('no route')) })
  const failed = broken.call(sessions.table.me)
  await expect(failed).rejects.toBeInstanceOf(SlussProblem)
  await expect(failed).rejects.toMatchObject({ name: 'offline', status: 0 })
})
