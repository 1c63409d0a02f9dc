// What happens without anybody asking: the log is chained, and what no node has told is told again.
import { signIn } from '#libs/client'
import { io } from 'socket.io-client'
import { tenantIdOf } from '../apps/seed/src/ids.ts'
import { cookiesOf } from './support/bare.ts'
import type { Given } from './support/given.ts'
import { given } from './support/given.ts'
import type { Fields, Log, Running } from './support/running.ts'
import { rowsOf } from './support/running.ts'

jest.setTimeout(60_000)

let here: Given
let worker: Awaited<ReturnType<Running['startWorker']>> | null = null
beforeAll(async () => {
  here = await given(['linnea', 'mehmet', 'erika'])
}, 120_000)
afterEach(async () => {
  await worker?.close()
  worker = null
})
afterAll(() => here.stop())

type Line = { readonly event: string; readonly fields: Fields | undefined }
/** What the worker prints in its log. */
function heard(): { readonly log: Log; readonly lines: Line[] } {
  const lines: Line[] = []
  const say: Log['error'] = (event, fields) => void lines.push({ event, fields })
  return { log: { info: say, warn: say, error: say }, lines }
}

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
  worker = await here.sluss.startWorker()
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

test('a log that somebody has changed is an alarm that names the tenant and the place, and one that nobody has changed is none', async () => {
  await here.opens('linnea')
  const { log, lines } = heard()
  worker = await here.sluss.startWorker(log)
  await until(async () => (await waiting()) === 0)
  const alarms = (): readonly Line[] => lines.filter((line) => line.event === 'audit.broken')
  const verified = (): number => lines.filter((line) => line.event === 'audit.verified').length
  const before = verified()
  await until(async () => verified() > before + 1)
  expect(alarms()).toEqual([])

  const { tenant } = here.person('linnea')
  const ofTenant = `from audit_seals where tenant_id = '${tenant}'`
  const change = (act: string): Promise<unknown> =>
    rowsOf(
      here.sluss.database,
      `update audit_entries set act = '${act}' where id = (select entry_id ${ofTenant} order by n desc limit 1)`,
    )
  const [last] = await rowsOf(
    here.sluss.database,
    `select n::int as n, (select act from audit_entries e where e.id = entry_id) as act ${ofTenant} order by n desc limit 1`,
  )
  await change('case.list')
  await until(async () => alarms().length > 0)
  expect(alarms()[0]?.fields).toEqual({ tenant, place: last?.['n'] })
  await change(String(last?.['act']))
})

test('a job that fails is in the worker’s log by its name, with the error’s class and code and nothing else, and is tried again', async () => {
  const { log, lines } = heard()
  const rename = (from: string, to: string): Promise<unknown> =>
    rowsOf(here.sluss.database, `alter function ${from}(integer) rename to ${to}`)
  await rename('sluss_seal_entries', 'sluss_seal_entries_away')
  try {
    await here.opens('linnea')
    worker = await here.sluss.startWorker(log)
    await until(async () => lines.some((line) => line.event === 'job.failed'))
  } finally {
    await rename('sluss_seal_entries_away', 'sluss_seal_entries')
  }
  const failed = lines.find((line) => line.event === 'job.failed')
  expect(failed?.fields).toEqual({
    job: 'audit.seal',
    tenant: here.person('linnea').tenant,
    error: expect.stringMatching(/^\w+ 42883$/),
    stack: expect.any(String),
  })
  await until(async () => (await waiting()) === 0)
})
