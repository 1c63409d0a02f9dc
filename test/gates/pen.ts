// Somebody's own hand: signs what no honest client would with a person's real key, at the place that comes next, to send past the client library.
import { createHash } from 'node:crypto'
import type { Instant, PlaceName, StatementType } from '#libs/domain'
import type { Bytes, Signed, StaffKey, UnsignedStatement } from '#libs/protocol'
import { signStatement, unlockPrivateKey } from '#libs/protocol'
import { cookiesOf } from '../support/bare.ts'
import { rowsOf } from '../support/database.ts'
import type { Given, Name } from '../support/given.ts'

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Readonly<Record<string, unknown>> }

/** A call of the API with her session and nothing of the client library; with a body it is a POST. */
export async function ask(here: Given, who: Name, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(new URL(path, here.sluss.nodes[0]?.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { cookie: cookiesOf(here.person(who).jar), 'x-sluss': '1', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] }
}

type Fingerprints = Parameters<typeof unlockPrivateKey>[2]
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))

const unlockedKeys = new WeakMap<object, StaffKey>()

async function keyOf(here: Given, who: Name): Promise<StaffKey> {
  const person = here.person(who)
  const known = unlockedKeys.get(person)
  if (known !== undefined) return known
  const { key } = (await ask(here, who, '/keys/own')).body as { key: Fingerprints & { lockedPrivateKey: string } }
  const unlocked = await unlockPrivateKey(key.lockedPrivateKey, person.persona.passphrase, key)
  if (!unlocked.ok) throw new Error(unlocked.error)
  unlockedKeys.set(person, unlocked.value)
  return unlocked.value
}

/** Signs as `who` at the end of a chain as the database has it now, or `after` what she has just signed there. */
export async function signs(
  here: Given,
  who: Name,
  said: {
    readonly place: PlaceName
    readonly type: StatementType
    readonly body: object
    readonly at?: Instant
    readonly behind?: boolean
  },
  after?: Signed,
): Promise<Signed> {
  const { tenant, user } = here.person(who)
  const headOf = async (place: string): Promise<{ n: number; hash: string } | undefined> =>
    (
      await rowsOf<{ n: number; hash: string }>(
        here.sluss.database.adminUrl,
        'select n::int, hash from chains where place = $1',
        [place],
      )
    )[0]
  const head = after === undefined ? await headOf(said.place) : endOf(after)
  const { behind, ...rest } = said
  const unsigned = {
    ...rest,
    n: head === undefined ? 0 : head.n + (behind === true ? 0 : 1),
    prev: head?.hash ?? null,
    at: said.at ?? here.now(),
    by: user,
    tenantHeads: { [tenant]: await headOf(`tenant/${tenant}`) },
  } as unknown as UnsignedStatement // type and body as the test means them, true or not
  return (await signStatement(unsigned, await keyOf(here, who), random)).signed
}

function endOf({ bytes }: Signed): { n: number; hash: string } {
  const { n } = JSON.parse(bytes) as { n: number }
  return { n, hash: createHash('sha256').update(`sluss/v1/statement\n${bytes}`).digest('hex') }
}
