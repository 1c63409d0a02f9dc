// What happens without anybody asking: the log is chained, and what no node has told is told again.
import { signIn } from '#libs/client'
import { io } from 'socket.io-client'
import { tenantIdOf } from '../apps/seed/src/ids.ts'
import { cookiesOf } from './support/bare.ts'
import type { Given } from './support/given.ts'
import { given } from './support/given.ts'
import type { Running } from './support/running.ts'
import { rowsOf } from './support/running.ts'

jest.setTimeout(60_000)

let here: Given
let worker: Awaited<ReturnType<Running['startWorker']>>
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika'])
}, 120_000)
afterAll(async () => {
  await worker.close()
  await here.stop()
})

const waiting = async (): Promise<number> => {
  const [row] = await rowsOf(here.sluss.database, 'select count(*)::int as waiting from audit_waiting')
  return Number(row?.['waiting'])
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}

test('every entry of the log is chained soon after it is written, and none is lost', async () => {
  await here.opens('linnea')
  expect(await waiting()).toBeGreaterThan(0)
  worker = await here.sluss.startWorker()
  await until(async () => (await waiting()) === 0)
  const [row] = await rowsOf(
    here.sluss.database,
    'select (select count(*)::int from audit_entries) as entries, (select count(*)::int from audit_seals) as seals',
  )
  expect(row?.['seals']).toBe(row?.['entries'])
})

test('what a node committed and did not tell is told by the worker', async () => {
  const id = await here.opens('linnea')
  const { persona } = here.person('linnea')
  const url = here.sluss.nodes[0]?.url ?? ''
  const jar = await signIn({ baseUrl: url, tenant: tenantIdOf(persona.tenant), login: persona.id })
  const cookie = cookiesOf(jar)
  const socket = io(url, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie } })
  try {
    expect(await socket.timeout(5_000).emitWithAck('case.follow', { case: id })).toMatchObject({ ok: true })
    const told = new Promise((resolve) => socket.once('chain.moved', resolve))
    await rowsOf(
      here.sluss.database,
      `update outbox set told_at = null where case_id = '${id}' and kind = 'chain.moved'`,
    )
    expect(await told).toEqual({ case: id })
  } finally {
    socket.close()
  }
})
