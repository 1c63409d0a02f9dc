// A server on paper for the client's own specs: keeps what it is given and serves it by who is named, with no gate at all, so that
// what is refused in these specs is refused by the client alone; and it can be made to lie.
import { createHash } from 'node:crypto'
import type { Operation } from '#libs/contracts'
import { capabilities } from '#libs/contracts'
import type { Statement } from '#libs/domain'
import { parseStatement } from '#libs/protocol'
import type { Signed } from '#libs/protocol'
import type { Fetch } from '../http.ts'

export type PaperPerson = {
  readonly user: string
  readonly name: string
  readonly title: string
  readonly tenant: string
  readonly authority: string
  readonly units: readonly string[]
  readonly roles: readonly string[]
}
export type PaperTenant = {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly kommunCode: string | null
  readonly authorities: readonly {
    readonly id: string
    readonly name: string
    readonly units: readonly { readonly id: string; readonly name: string }[]
  }[]
}
type Key = {
  readonly publicKey: string
  readonly signing: string
  readonly encryption: string
  readonly lockedPrivateKey: string
}
type Append = {
  readonly statements: readonly Signed[]
  readonly wraps: readonly { readonly key: string; readonly to: string; readonly bytes: string }[]
}
type Seal = { readonly key: string; readonly bytes: string; readonly seq: number; readonly late: boolean }
type Message = {
  readonly id: string
  readonly thread: string
  readonly ciphertext: string
  readonly acceptedAt: string
  seals: Seal[]
}
type Call = {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}
type Handler = (person: PaperPerson, call: Call) => unknown

/** What a lying server changes in an answer, by operation. */
export type Lie = (answer: Record<string, unknown>, person: PaperPerson) => unknown

const moved = { type: '/problems/ledger-moved-on', status: 409 }

export class PaperServer {
  readonly people: PaperPerson[] = []
  readonly lies = new Map<string, Lie>()
  readonly messages: Message[] = []
  readonly #tenants: readonly PaperTenant[]
  readonly #clock: () => number
  readonly #chains = new Map<string, { readonly signed: Signed; readonly statement: Statement }[]>()
  readonly #keys = new Map<string, Key>()
  readonly #wraps: Append['wraps'][number][] = []
  readonly #changed = new Map<string, string>()
  readonly #titles = new Map<string, unknown>()
  readonly #cursors: { readonly thread: string; readonly user: string; readonly body: Record<string, unknown> }[] = []

  constructor(tenants: readonly PaperTenant[], clock: () => number) {
    this.#tenants = tenants
    this.#clock = clock
  }

  get now(): string {
    return new Date(this.#clock()).toISOString()
  }

  statements(): readonly Statement[] {
    return [...this.#chains.values()].flat().map((one) => one.statement)
  }

  /** As the browser's or Node's fetch of one person who is signed in. */
  fetchOf(person: PaperPerson): Fetch {
    return async (address, init = {}) => {
      const url = new URL(address)
      for (const [name, operation] of operations) {
        const params = matched(operation, url, init.method ?? 'GET')
        if (params === null) continue
        const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
        if (operation.body?.safeParse(body).success === false) return json(400, { type: '/problems/malformed-request' })
        try {
          const answer = this.#handlers[name]?.(person, { params, query: Object.fromEntries(url.searchParams), body })
          const lie = this.lies.get(name)
          return json(200, lie === undefined ? answer : lie(answer as Record<string, unknown>, person))
        } catch (problem) {
          if (problem !== moved) throw problem
          return json(409, moved)
        }
      }
      return json(404, { type: '/problems/not-found' })
    }
  }

  append(given: unknown): { readonly heads: object; readonly acceptedAt: string } {
    const { statements, wraps } = given as Append // parsed by the operation's own schema
    const fresh = statements.map((signed) => {
      const parsed = parseStatement(signed.bytes)
      if (!parsed.ok) throw new Error(parsed.error)
      return { signed: { ...signed }, statement: parsed.value }
    })
    for (const one of fresh) {
      const chain = this.#chains.get(one.statement.place) ?? []
      if (one.statement.n !== chain.length) throw moved
      this.#chains.set(one.statement.place, [...chain, one])
      this.#changed.set(one.statement.place.split('/')[1] ?? '', this.now)
    }
    this.#wraps.push(...wraps)
    const heads = Object.fromEntries(
      fresh.map(({ signed, statement: { place, n } }) => [place, { n, hash: hashOf(signed) }]),
    )
    return { heads, acceptedAt: this.now }
  }

  headOf(place: string): { readonly n: number; readonly hash: string } | null {
    const last = this.#chains.get(place)?.at(-1)
    return last === undefined ? null : { n: last.statement.n, hash: hashOf(last.signed) }
  }

  #tenantHeads(): Readonly<Record<string, object>> {
    const heads: Record<string, object> = {}
    for (const place of this.#chains.keys()) {
      const [kind, tenant = ''] = place.split('/')
      const head = this.headOf(place)
      if (kind === 'tenant' && head !== null) heads[tenant] = head
    }
    return heads
  }

  #shown(person: PaperPerson, message: Message): Message | null {
    const mine = new Set(
      this.statements().flatMap((statement) => {
        if (statement.type === 'epoch.started' && statement.place.split('/')[2] === person.authority)
          return [statement.body.epoch as string]
        return statement.type === 'flow.keyed' && statement.place.split('/')[3] === person.authority
          ? [statement.body.flow as string]
          : []
      }),
    )
    const seals = message.seals.filter((seal) => mine.has(seal.key))
    return seals.length === 0 ? null : { ...message, seals }
  }

  #readable(person: PaperPerson): readonly Message[] {
    return this.messages.flatMap((message) => this.#shown(person, message) ?? [])
  }

  #summary(person: PaperPerson, caseId: string): object {
    const opened = this.statements().find((one) => one.type === 'case.opened' && one.place.split('/')[1] === caseId)
    const [, , owner = ''] = opened?.place.split('/') ?? []
    const tenant = this.#tenants.find((one) => one.authorities.some((authority) => authority.id === owner))
    const isAssigned = this.statements().some(
      (one) => one.type === 'assignment.added' && one.place.split('/')[1] === caseId && one.body.user === person.user,
    )
    return {
      id: caseId,
      number: opened?.type === 'case.opened' ? opened.body.number : '',
      tenant: tenant?.id,
      authority: owner,
      unit: tenant?.authorities.find((one) => one.id === owner)?.units[0]?.id,
      phase: 'contact',
      openedAt: this.now,
      changedAt: this.#changed.get(caseId) ?? this.now,
      relation: isAssigned ? 'assigned' : 'receiver',
      title: person.authority === owner ? (this.#titles.get(caseId) ?? null) : null,
    }
  }

  #staff(person: PaperPerson): object {
    return { ...person, salt: 'AAAA', key: this.#keys.has(person.user) ? 'certified' : 'none' }
  }

  #send(given: unknown): unknown {
    const { append, message } = given as {
      append: Append | null
      message: Omit<Message, 'acceptedAt' | 'seals'> & { seals: readonly Pick<Seal, 'key' | 'bytes'>[] }
    }
    if (append !== null) this.append(append)
    const seals = message.seals.map((seal) => {
      const before = this.messages.filter(
        (one) => one.thread === message.thread && one.seals.some((other) => other.key === seal.key && !other.late),
      )
      return { ...seal, seq: before.length + 1, late: false }
    })
    this.messages.push({ ...message, seals, acceptedAt: this.now })
    return { acceptedAt: this.now, places: seals.map(({ key, seq }) => ({ key, seq })) }
  }

  #seal(given: unknown): unknown {
    const { append, seals } = given as {
      append: Append
      seals: readonly { message: string; key: string; bytes: string }[]
    }
    const answer = this.append(append)
    for (const { message, key, bytes } of seals)
      this.messages.find((one) => one.id === message)?.seals.push({ key, bytes, seq: 0, late: true })
    return answer
  }

  #threads(person: PaperPerson): object {
    const byThread = groupByThread(this.#readable(person))
    return {
      threads: [...byThread].map(([id, list]) => ({ id, purpose: 'casework', first: list[0], newest: list.at(-1) })),
      next: null,
    }
  }

  readonly #keep: Handler = (_, { body }) => this.append(body)

  readonly #handlers: Readonly<Record<string, Handler>> = {
    'sessions.me': (person) => {
      const tenant = this.#tenants.find((one) => one.id === person.tenant)
      const authority = tenant?.authorities.find((one) => one.id === person.authority)
      return { ...person, tenant, authority, units: authority?.units, idleMinutes: 15, endsAt: this.now }
    },
    'tenants.directory': () => ({ tenants: this.#tenants }),
    'tenants.staff': (person) => ({
      staff: this.people.filter((one) => one.tenant === person.tenant).map((one) => this.#staff(one)),
    }),
    'tenants.chain': (_, { params, query }) => ({
      statements: (this.#chains.get(`tenant/${params['tenantId']}`) ?? [])
        .slice(Number(query['from'] ?? 0))
        .map((one) => one.signed),
      more: false,
    }),
    'keys.own': (person) => {
      const key = this.#keys.get(person.user) ?? null
      const isCertified = this.statements().some(
        (one) => one.type === 'key.certified' && one.body.signing === key?.signing,
      )
      return { state: key === null ? 'none' : isCertified ? 'certified' : 'pending', key, validUntil: null }
    },
    'keys.create': (person, { body }) => {
      this.#keys.set(person.user, body as Key)
      return { state: 'pending' }
    },
    'keys.pending': () => ({
      keys: this.people.flatMap((one) => {
        const key = this.#keys.get(one.user)
        return key === undefined ? [] : [{ ...this.#staff(one), ...key, createdAt: this.now }]
      }),
    }),
    'keys.certify': this.#keep,
    'keys.end': this.#keep,
    'keys.maintain': this.#keep,
    'keys.wraps': () => ({ wraps: this.#wraps, more: false }),
    'cases.open': (person, { body }) => ({
      ...this.append(body),
      case: this.#summary(person, this.statements().at(-1)?.place.split('/')[1] ?? ''),
    }),
    'cases.list': (person) => ({
      cases: [
        ...new Set(
          this.statements()
            .filter((one) => one.place.split('/').slice(2).includes(person.authority))
            .map((one) => one.place.split('/')[1] ?? ''),
        ),
      ].map((one) => this.#summary(person, one)),
      next: null,
    }),
    'cases.read': (person, { params }) => ({
      case: this.#summary(person, params['caseId'] ?? ''),
      chains: [...this.#chains]
        .filter(
          ([place]) => place.split('/')[1] === params['caseId'] && place.split('/').slice(2).includes(person.authority),
        )
        .map(([place, chain]) => ({ place, statements: chain.map((one) => one.signed) })),
      withdrawnGrants: [],
      people: this.people.map((one) => this.#staff(one)),
      tenantHeads: this.#tenantHeads(),
      at: this.now,
    }),
    'cases.title': (_, { params, body }) => {
      this.#titles.set(params['caseId'] ?? '', body)
      return {}
    },
    'cases.assign': this.#keep,
    'cases.endAssignment': this.#keep,
    'cases.settle': this.#keep,
    'consents.register': this.#keep,
    'consents.confirm': this.#keep,
    'consents.narrow': this.#keep,
    'consents.follow': this.#keep,
    'disclosures.make': this.#keep,
    'disclosures.close': this.#keep,
    'consents.withdraw': this.#keep,
    'threads.list': (person) => this.#threads(person),
    'threads.read': (person, { params }) => ({
      messages: this.#readable(person).filter((one) => one.thread === params['threadId']),
      next: null,
    }),
    'threads.send': (_, { body }) => this.#send(body),
    'threads.seal': (_, { body }) => this.#seal(body),
    'threads.cursors': (_, { params }) => ({
      cursors: this.#cursors
        .filter((one) => one.thread === params['threadId'])
        .map(({ user, body }) => ({ user, ...body })),
    }),
    'threads.moveCursor': (person, { params, body }) => {
      this.#cursors.push({ thread: params['threadId'] ?? '', user: person.user, body: body as Record<string, unknown> })
      return {}
    },
  }
}

function groupByThread(messages: readonly Message[]): Map<string, Message[]> {
  const found = new Map<string, Message[]>()
  for (const message of messages) found.set(message.thread, [...(found.get(message.thread) ?? []), message])
  return found
}

const operations: readonly (readonly [string, Operation])[] = capabilities.flatMap(({ capability, table }) =>
  Object.entries(table as Readonly<Record<string, Operation>>).map(
    ([name, operation]) => [`${capability}.${name}`, operation] as const,
  ),
)

function matched(operation: Operation, url: URL, method: string): Readonly<Record<string, string>> | null {
  if (operation.method !== method) return null
  const pattern = new RegExp(`^${operation.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
  const found = pattern.exec(url.pathname)
  return found === null ? null : { ...found.groups }
}

const hashOf = ({ bytes }: Signed): string => createHash('sha256').update(`sluss/v1/statement\n${bytes}`).digest('hex')

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status })
