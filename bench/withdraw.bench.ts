// A withdrawal, from the call until every socket of the other authority on both nodes has been told that it is out; with real keys
// and statements, through the client library. The baseline is one broadcast by bare Socket.IO to as many sockets on two bare nodes.
import type { Socket } from 'socket.io-client'
import { cookiesOf } from '../test/support/bare.ts'
import { given } from '../test/support/given.ts'
import { makeTemplate } from '../test/support/template.ts'
import { bareDriver } from './driver.ts'
import { milliseconds, sizes, spreadOf, Table } from './figures.ts'
import { startBareNodes } from './nodes.ts'
import { connected, startServers } from './servers.ts'
import { closeSockets, openSockets } from './sockets.ts'

const size = sizes({ sockets: 1_000 })

const servers = await startServers('durable')
process.env['SLUSS_TEST_POSTGRES'] = servers.adminUrl
process.env['SLUSS_TEST_REDIS'] = servers.redisUrl
await makeTemplate(servers.adminUrl)
const here = await given(['linnea', 'mehmet', 'erika', 'joakim', 'ida'], 2)
const table = new Table()
try {
  const { id, registration } = await here.aCaseSharedWithPolice(['threat'])
  await here.writes('linnea', id, 'threat', 'före')
  const cookies = [cookiesOf(here.person('ida').jar)]
  const urls = here.sluss.nodes.map((node) => node.url)
  const sockets = await openSockets(size.sockets, { urls, cookies, case: id })
  const began = performance.now()
  const out = allOut(sockets, began)
  await here.session('linnea').withdrawConsent(id, registration)
  const answered = performance.now() - began
  const told = spreadOf(await out)
  closeSockets(sockets)
  const bare = await bareBroadcast()
  table.alone('the withdrawal answered', milliseconds(answered))
  table.compare('a socket told that it is out, median', told.median, bare.median, { unit: 'ms' })
  table.compare('a socket told that it is out, p99', told.p99, bare.p99, { unit: 'ms' })
} finally {
  await here.stop()
  await servers.stop()
}
table.print(`withdraw: ${size.sockets} sockets on 2 nodes, from the call on`)
process.exit()

/** Milliseconds after `began` at which each socket was told. */
function allOut(sockets: readonly Socket[], began: number): Promise<readonly number[]> {
  const toldAt = (socket: Socket): Promise<number> =>
    new Promise((resolve) => socket.once('scope.changed', () => resolve(performance.now() - began)))
  return Promise.all(sockets.map(toldAt))
}

async function bareBroadcast(): Promise<{ readonly median: number; readonly p99: number }> {
  await connected(servers.ownerUrl, (client) =>
    client.query(
      'create table bare_messages (id uuid primary key, thread uuid not null, seq integer, text bytea not null)',
    ),
  )
  const nodes = await startBareNodes(servers, 2)
  const driver = await bareDriver(nodes, size.sockets, false, 'YWI=')
  const at: number[] = []
  const began = performance.now()
  driver.onReceived(() => at.push(performance.now() - began))
  await driver.send(0, '00000000-0000-4000-8000-000000000000')
  while (at.length < size.sockets) await new Promise((resolve) => setImmediate(resolve))
  driver.close()
  for (const node of nodes) await node.stop()
  return spreadOf(at)
}
