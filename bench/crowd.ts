// One case with many members, loaded as rows: what the server's path reads when a message comes. Its keys are nobody's: nothing is opened.
import { createHmac, randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { sessionSecret } from './nodes.ts'

export type Member = {
  readonly user: string
  readonly tenant: string
  readonly authority: string
  readonly isWriter: boolean
}
export type Crowd = {
  readonly case: string
  readonly compartment: string
  readonly epoch: string
  readonly flow: string
  readonly members: readonly Member[]
}

/** Half of them the source's own, half a recipient's under one flow key. */
export async function loadCrowd(client: pg.Client, count: number): Promise<Crowd> {
  const [theCase, subject, compartment, epoch, flow, reception, unit] = Array.from({ length: 7 }, () => randomUUID())
  if (!theCase || !compartment || !epoch || !flow) throw new Error('seven ids')
  const sides = [0, 1].map(() => ({ tenant: randomUUID(), authority: randomUUID() }))
  const members = Array.from({ length: count }, (_, place): Member => {
    const side = sides[place % 2]
    if (side === undefined) throw new Error('two sides')
    return { user: randomUUID(), ...side, isWriter: place % 2 === 0 }
  })
  const [own, other] = sides.map(({ authority }) => authority)
  const at = ["'2020-01-01'", "'2099-01-01'"].join(', ')
  await client.query('set session_replication_role = replica')
  for (const { tenant, authority } of sides) {
    await client.query("insert into tenants values ($1, 'Bänk', 'police_region', null)", [tenant])
    await client.query("insert into authorities values ($1, $2, 'Bänk')", [authority, tenant])
    await client.query(`insert into parties values ($1, $2, '{(,)}', null, '2020-01-01')`, [theCase, authority])
  }
  await client.query("insert into cases values ($1::uuid, left($1::text, 8), $2, $3, $4, 'measures', '2020-01-01')", [
    theCase,
    sides[0]?.tenant,
    own,
    unit,
  ])
  await client.query("insert into compartments values ($1, $2, $3, $4, 'threat', 'casework')", [
    compartment,
    theCase,
    subject,
    own,
  ])
  const keys = `insert into content_keys (id, kind, case_id, authority_id, recipient_id, compartment_id, category, valid_until, commit, covers)
    values ($1, $2, $3, $4, $5, $6, 'threat', '2099-01-01', repeat('ab', 32), case $2 when 'flow' then '{(,)}'::tstzmultirange end)`
  await client.query(keys, [epoch, 'epoch', theCase, own, null, compartment])
  await client.query(keys, [flow, 'flow', theCase, own, other, compartment])
  await client.query(keys, [reception, 'reception', theCase, other, null, null])
  await client.query(
    `insert into flows values ($1::uuid, $1::text || '/' || $2::text, $3, $4, $2::uuid, 'threat', ${at}, $5, $6)`,
    [compartment, other, theCase, own, reception, flow],
  )
  for (const member of members) await loadMember(client, member, theCase, member.isWriter ? epoch : flow)
  await client.query('set session_replication_role = origin')
  // Only what is there: of a table that was looked at while it was empty the planner believes that it always is.
  await client.query(
    'analyze cases, parties, assignments, compartments, content_keys, flows, readers, users, user_roles, staff_keys',
  )
  return { case: theCase, compartment, epoch, flow, members }
}

async function loadMember(
  client: pg.Client,
  { user, tenant, authority, isWriter }: Member,
  theCase: string,
  key: string,
): Promise<void> {
  await client.query(
    "insert into users values ($1::uuid, $2, $3, 'Någon', 'Handläggare', repeat('0', 32), 'https://bench', $1::text)",
    [user, tenant, authority],
  )
  await client.query("insert into user_roles values ($1, 'caseworker')", [user])
  await client.query(
    `insert into staff_keys (signing, encryption, user_id, tenant_id, public_key, state, valid_until)
     values (encode(sha256(('s' || $1::text)::bytea), 'hex'), encode(sha256(('e' || $1::text)::bytea), 'hex'), $1::uuid, $2, '\\x00', 'certified', '2099-01-01')`,
    [user, tenant],
  )
  await client.query(
    `insert into assignments values ($1, $2, $3, '{threat}', 'standing', '2099-01-01', '2020-01-01')`,
    [theCase, user, authority],
  )
  await client.query(`insert into readers values ($1, $2, '2020-01-01', '2099-01-01', $3, $4)`, [
    key,
    user,
    theCase,
    isWriter,
  ])
}

/** Signs members in by the sessions' own form in Redis, since the way by an identity provider is not what is measured. */
export async function cookiesFor(
  redisUrl: string,
  members: readonly Omit<Member, 'isWriter'>[],
): Promise<readonly string[]> {
  const redis = new Redis(redisUrl)
  const now = Date.now()
  const cookies: string[] = []
  for (const { user, tenant, authority } of members) {
    const id = randomUUID()
    const signedIn = { user, tenant, authority, signedInAt: now, usedAt: now }
    const data = {
      cookie: { originalMaxAge: null, httpOnly: true, path: '/', sameSite: 'lax', secure: false },
      signedIn,
    }
    await redis.set(`session:${id}`, JSON.stringify(data), 'EX', 3_600)
    await redis.sadd(`sessions-of:${user}`, id)
    const signature = createHmac('sha256', sessionSecret).update(id).digest('base64').replace(/=+$/, '')
    cookies.push(`sluss=${encodeURIComponent(`s:${id}.${signature}`)}`)
  }
  redis.disconnect()
  return cookies
}
