// The server's path of a message (accept, check, store, publish) on two nodes, beside bare Socket.IO with one INSERT per message at the
// same durability; receivers count and open nothing. What sealing and opening cost the client: thread.bench.ts.
import { randomUUID } from 'node:crypto'
import type { CompartmentId, KeyId, MessageId, ThreadId, UserId } from '#libs/domain'
import { id, instantOf } from '#libs/domain'
import type { Random } from '#libs/protocol'
import { caseKey, commitOf, createStaffKey, sealMessage, streamStart } from '#libs/protocol'
import { cookiesFor, loadCrowd } from './crowd.ts'
import type { Driver, Sealed } from './driver.ts'
import { apiDriver, bareDriver } from './driver.ts'
import { inParallel, lasting, sizes, Table } from './figures.ts'
import { startApiNodes, startBareNodes } from './nodes.ts'
import { connected, startServers } from './servers.ts'

// A server that has run for a while is warm: some thousand requests, after which the best round counts, on both sides.
const size = sizes({ messages: 2_000, warmup: 1_000, rounds: 3, atOnce: 16, nodes: 2 })
const manyThreads = 50

/** A message of 400 characters, signed and sealed as a client does it. */
async function aSealedMessage(): Promise<Sealed> {
  const random: Random = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length))
  const at = instantOf(Date.now())
  const { key: by } = await createStaffKey({ random, at })
  const key = await caseKey(id<KeyId>(randomUUID()), random(32))
  const [compartment, thread] = [id<CompartmentId>(randomUUID()), id<ThreadId>(randomUUID())]
  const seen = {
    n: 0,
    h: await streamStart(await commitOf(key.secret, compartment, key.id), { key: key.id, context: thread }),
  }
  const body = { kind: 'text', title: null, text: 'a'.repeat(400) } as const
  const sealed = await sealMessage({
    id: id<MessageId>(randomUUID()),
    compartment,
    thread,
    author: id<UserId>(randomUUID()),
    at,
    body,
    epoch: { key, seen },
    flows: [],
    recipients: [],
    leftOut: [],
    by,
    random,
  })
  return { ciphertext: sealed.ciphertext, seal: sealed.seals[0]?.bytes ?? '' }
}

/** Messages per second, until the last receiver has been given the last one. */
async function throughput(driver: Driver, members: number, threads: readonly string[]): Promise<number> {
  const send = (turn: number): Promise<void> => driver.send(turn, threads[turn % threads.length] ?? '')
  const round = async (count: number): Promise<void> => {
    const before = driver.received()
    await inParallel(count, size.atOnce, send)
    while (driver.received() < before + count * members) await new Promise((resolve) => setImmediate(resolve))
  }
  await round(size.warmup)
  const took = await lasting(() => round(size.messages))
  return size.messages / (took / 1_000)
}

const table = new Table()
const servers = await startServers('durable')
const sealed = await aSealedMessage()
const nodes = await startApiNodes(servers, size.nodes)
await connected(servers.ownerUrl, (client) =>
  client.query(`create table bare_messages (id uuid primary key, thread uuid not null, seq integer, text bytea not null);
    create table bare_threads (id uuid primary key, count integer not null)`),
)
const bareNodes = await startBareNodes(servers, size.nodes)
try {
  for (const members of [10, 50]) await measure(members)
} finally {
  for (const node of [...nodes, ...bareNodes]) await node.stop()
  await servers.stop()
}
table.print(`messages: ${size.nodes} nodes, ${size.atOnce} on their way at once`)
process.exit()

async function measure(members: number): Promise<void> {
  const crowd = await connected(servers.adminUrl, (client) => loadCrowd(client, members))
  const ours = await apiDriver(nodes, crowd, await cookiesFor(servers.redisUrl, crowd.members), sealed)
  const kinds = [
    { name: `${manyThreads} threads`, count: manyThreads, isOrdered: false },
    { name: 'one busy thread', count: 1, isOrdered: true },
  ]
  for (const { name, count, isOrdered } of kinds) {
    const threads = Array.from({ length: count }, () => randomUUID())
    const bare = await bareDriver(bareNodes, members, isOrdered, sealed.ciphertext)
    const [mine, theirs]: [number[], number[]] = [[], []]
    // Turn about, so that what else the machine does falls on both.
    for (let round = 0; round < size.rounds; round += 1) {
      mine.push(await throughput(ours, members, threads))
      theirs.push(await throughput(bare, members, threads))
    }
    bare.close()
    table.compare(`${members} members, ${name}`, Math.max(...mine), Math.max(...theirs), { unit: '/s', aim: 0.6 })
  }
  ours.close()
}
