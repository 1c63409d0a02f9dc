// The one door to the database: a transaction that is somebody, and nothing outside one (house rule "Being somebody").
import type { AuthorityId, TenantId, UserId } from '#libs/domain'
import { DataSource } from 'typeorm'
import type { EntityManager } from 'typeorm'
import { entities } from './entities.ts'
import { Unavailable, sorted } from './problems.ts'

/** A signed-in person; the policy's `Actor` is one. */
export type Person = { readonly user: UserId; readonly tenant: TenantId; readonly authority: AuthorityId }

export const systemNames = ['sign-in', 'publisher', 'sealer', 'sweeper'] as const
/** `sign-in` finds who logs in; `publisher` reads the outbox; `sealer` chains one tenant's log; `sweeper` finds what is due. None reads a case. */
export type SystemName = (typeof systemNames)[number]
export type SystemActor = { readonly system: SystemName; readonly tenant: TenantId | null }
export type Who = Person | SystemActor | 'anonymous'

declare const brand: unique symbol
/** An open transaction: handed to stores, of no use to anybody else. */
export type Tx = { readonly [brand]: 'Tx' }

type Open = {
  readonly manager: EntityManager
  readonly connection: Connection
  readonly who: Who
  readonly at: Promise<Date>
  /** Why it can no longer be committed. Of what travels after it, PostgreSQL says only that. */
  failure?: unknown
}
type Answered<Row> = { readonly rows: Row[]; readonly rowCount: number | null; readonly command: string }
/** What is used of pg's client, which TypeORM hands out untyped. */
type Connection = {
  query<Row>(asked: string | { name: string; text: string; values: unknown[] }): Promise<Answered<Row>>
}
const open = new WeakMap<Tx, Open>()

export type DatabaseSettings = {
  readonly url: string
  readonly poolSize?: number
  readonly statementTimeoutMs?: number
  readonly connectTimeoutMs?: number
  readonly applicationName?: string
}

/** How long after a statement's end its answer may still come. */
const answersWithinMs = 2_000

export class Database {
  readonly #source: DataSource

  private constructor(source: DataSource) {
    this.#source = source
  }

  /** Connects once, so that a wrong address is known at start-up; later losses mend themselves connection by connection. */
  static async open(settings: DatabaseSettings): Promise<Database> {
    const timeout = settings.statementTimeoutMs ?? 10_000
    const source = new DataSource({
      type: 'postgres',
      url: settings.url,
      entities: [...entities],
      synchronize: false,
      poolSize: settings.poolSize ?? 10,
      poolErrorHandler: () => undefined,
      connectTimeoutMS: settings.connectTimeoutMs ?? 3_000,
      applicationName: settings.applicationName ?? 'sluss',
      extra: {
        // Statements that do not wait for each other's answers travel together; PostgreSQL takes them in order.
        pipeline: true,
        // Each text is prepared and planned once a connection (`ask`); PostgreSQL by itself may plan it anew for each set of values.
        options: '-c plan_cache_mode=force_generic_plan',
        statement_timeout: timeout,
        // A server that no longer answers at all cannot end a statement by itself.
        query_timeout: timeout + answersWithinMs,
        keepAlive: true,
        idle_in_transaction_session_timeout: timeout,
        lock_timeout: timeout,
      },
    })
    try {
      await source.initialize()
    } catch (error) {
      throw sorted(error)
    }
    return new Database(source)
  }

  /**
   * Runs `work` in one transaction as `who`; commits when it returns, rolls back when it throws. Throws `Conflict` or
   * `Unavailable` for what the database refuses. What must follow the commit follows this call.
   */
  async run<T>(who: Who, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner()
    try {
      const connection: Connection = await runner.connect()
      try {
        const result = await inTransaction(
          { manager: runner.manager, connection, who, at: begin(connection, who) },
          work,
        )
        const { command } = await connection.query('commit')
        // So PostgreSQL answers where a statement had failed and the failure went unheard.
        if (command !== 'COMMIT') throw new Error(`not committed but ${command}`)
        return result
      } catch (error) {
        // On a line that is gone there is nothing left to roll back; why it failed is what is thrown.
        await connection.query('rollback').catch(() => undefined)
        throw error
      }
    } catch (error) {
      throw sorted(error)
    } finally {
      await runner.release().catch(() => undefined)
    }
  }

  /** Says whether the database answers; for the health page. */
  async isReachable(): Promise<boolean> {
    try {
      await this.#source.query('select 1')
      return true
    } catch (error) {
      if (sorted(error) instanceof Unavailable) return false
      throw error
    }
  }

  async close(): Promise<void> {
    if (this.#source.isInitialized) await this.#source.destroy()
  }
}

/**
 * The first statement of `work` does not wait until the transaction has begun: it follows on the same flight, and if there were none
 * it would be nobody's and find nothing. All has come to rest before this returns or throws.
 */
async function inTransaction<T>(transaction: Open, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = Object.freeze({}) as Tx // the brand's own constructor
  open.set(tx, transaction)
  try {
    const [begun, done] = await Promise.allSettled([transaction.at, work(tx)])
    if (begun.status === 'rejected') throw begun.reason
    if (done.status === 'rejected') throw done.reason
    return done.value
  } finally {
    open.delete(tx)
  }
}

/** Settings are local to the transaction: a pooled connection is nobody again after it (house rule § 7). */
async function begin(connection: Connection, who: Who): Promise<Date> {
  const person = who !== 'anonymous' && 'user' in who ? who : null
  const system = who !== 'anonymous' && 'system' in who ? who : null
  const [, { rows }] = await Promise.all([
    connection.query('begin'),
    ask<{ at: Date }>(
      connection,
      `select set_config('sluss.tenant', $1, true), set_config('sluss.user', $2, true), set_config('sluss.authority', $3, true),
              set_config('sluss.system', $4, true), sluss_now() as at`,
      [person?.tenant ?? system?.tenant ?? '', person?.user ?? '', person?.authority ?? '', system?.system ?? ''],
    ),
  ])
  const [row] = rows
  if (row === undefined) throw new Error('a select without a table has one row')
  return row.at
}

const names = new Map<string, string>()

/**
 * Prepared once per connection and text: under row-level security, planning takes longer than running. Texts are put together
 * from a closed set of parts, so that there are some hundred of them; what varies goes in as values.
 */
function ask<Row>(connection: Connection, text: string, values: readonly unknown[]): Promise<Answered<Row>> {
  const name = names.get(text) ?? `sluss_${names.size}`
  names.set(text, name)
  return connection.query<Row>({ name, text, values: [...values] })
}

function opened(tx: Tx): Open {
  const found = open.get(tx)
  if (found === undefined) throw new Error('the transaction is over')
  return found
}

async function askIn<Row>(tx: Tx, sql: string, parameters: readonly unknown[]): Promise<Answered<Row>> {
  const transaction = opened(tx)
  try {
    return await ask<Row>(transaction.connection, sql, parameters)
  } catch (error) {
    transaction.failure ??= error
    throw transaction.failure
  }
}

/** For stores only: the rows of one statement. Not exported from the room. */
export async function query<Row>(tx: Tx, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return (await askIn<Row>(tx, sql, parameters)).rows
}

/** For stores only: how many rows an `update` or `delete` without `returning` has changed. */
export async function changed(tx: Tx, sql: string, parameters: readonly unknown[] = []): Promise<number> {
  const { rowCount } = await askIn(tx, sql, parameters)
  if (rowCount === null) throw new Error('not an update or a delete')
  return rowCount
}

/** For stores only: TypeORM's manager, for reads that map to an entity. */
export const managerOf = (tx: Tx): EntityManager => opened(tx).manager

/** For stores only: whose transaction it is; throws for anybody but a person. */
export function personOf(tx: Tx): Person {
  const { who } = opened(tx)
  if (who === 'anonymous' || !('user' in who)) throw new Error('this needs a signed-in person')
  return who
}

/** The database's clock when the transaction began: in development and test the settable one. Row-level security judges by it. */
export const clockOf = (tx: Tx): Promise<Date> => opened(tx).at
