// Looks for words and secrets where none may be: in every column of every table, in everything that Redis holds, in what was printed.
import { Redis } from 'ioredis'
import { rowsOf } from './database.ts'

/** What is looked for, by the name under which a find is told: finds are printed, secrets never. */
export type Needles = Readonly<Record<string, Uint8Array | string>>
export type Find = `${string} in ${string}`

/** As it stands, in hexadecimal, and in base64 wherever in a longer text it begins. */
function spellings(needle: Uint8Array | string): readonly Buffer[] {
  const bytes = Buffer.from(needle as string) // a string's UTF-8, or a copy of the bytes
  const based = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    // Its first and last letters depend on what stands beside it.
    return text.slice(before === 0 ? 0 : before + 1, (bytes.length + before) % 3 === 0 ? undefined : -1)
  })
  return [
    bytes,
    ...[bytes.toString('hex'), JSON.stringify(String(needle)).slice(1, -1), ...based].map((one) => Buffer.from(one)),
  ]
}

export class Scanner {
  readonly #needles: readonly (readonly [string, readonly Buffer[]])[]

  constructor(needles: Needles) {
    this.#needles = Object.entries(needles).map(([name, needle]) => [name, spellings(needle)])
  }

  in(place: string, text: Buffer | string): readonly Find[] {
    const hay = Buffer.from(text as string)
    return this.#needles
      .filter(([, forms]) => forms.some((form) => hay.includes(form)))
      .map(([name]): Find => `${name} in ${place}`)
  }

  /** Every table that is not PostgreSQL's own, as the superuser sees it. */
  async inDatabase(adminUrl: string): Promise<readonly Find[]> {
    const columns = await rowsOf<{ table: string; column: string; type: string }>(
      adminUrl,
      `select format('%I.%I', c.table_schema, c.table_name) as table, format('%I', c.column_name) as column, c.data_type as type
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
       where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')`,
    )
    const finds: Find[] = []
    for (const { table, column, type } of columns) {
      const as = type === 'bytea' ? column : `convert_to(${column}::text, 'UTF8')`
      const rows = await rowsOf<{ value: Buffer | null }>(adminUrl, `select ${as} as value from ${table}`)
      finds.push(
        ...this.in(
          `${table}.${column}`,
          Buffer.concat(rows.flatMap(({ value }) => (value === null ? [] : [value, newLine]))),
        ),
      )
    }
    return finds
  }

  /** Every key and value of every database of this server: sessions, the sockets' stream, the queues. */
  async inRedis(url: string): Promise<readonly Find[]> {
    const redis = new Redis(url)
    try {
      const finds: Find[] = []
      for (let database = 0; database < databases; database += 1) {
        await redis.select(database)
        for (const key of await redis.keys('*')) {
          const [name = ''] = key.split(/[:0-9]/)
          finds.push(...this.in(`Redis ${name}`, key), ...this.in(`Redis ${name}`, await valueOf(redis, key)))
        }
      }
      return [...new Set(finds)]
    } finally {
      redis.disconnect()
    }
  }
}

const newLine = Buffer.from('\n')
const databases = 16

/** Nothing where the key has gone meanwhile. */
async function valueOf(redis: Redis, key: string): Promise<Buffer> {
  const reading: Readonly<Record<string, readonly [string, ...(string | number)[]]>> = {
    string: ['get', key],
    list: ['lrange', key, 0, -1],
    hash: ['hgetall', key],
    set: ['smembers', key],
    zset: ['zrange', key, 0, -1],
    stream: ['xrange', key, '-', '+'],
  }
  const read = reading[await redis.type(key)]
  if (read === undefined) return Buffer.alloc(0)
  return flat(await redis.callBuffer(...read))
}

/** A hash comes as an object, entries of a stream as lists in lists. */
function flat(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value !== 'object' || value === null) return Buffer.alloc(0)
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.entries(value).flat()
  return Buffer.concat(parts.flatMap((one) => [flat(one), newLine]))
}

const planting = {
  string: (redis, text) => redis.set('planted', text),
  list: (redis, text) => redis.rpush('planted', text),
  hash: (redis, text) => redis.hset('planted', { field: text }),
  set: (redis, text) => redis.sadd('planted', text),
  zset: (redis, text) => redis.zadd('planted', 1, text),
  stream: (redis, text) => redis.xadd('planted', '*', 'field', text),
} satisfies Readonly<Record<string, (redis: Redis, text: string) => Promise<unknown>>>

export const plantedKinds = Object.keys(planting) as readonly (keyof typeof planting)[] // the keys of the record above

/** Puts a text into Redis for as long as `look` takes. */
export async function planted(
  url: string,
  kind: keyof typeof planting,
  text: string,
  look: () => Promise<void>,
): Promise<void> {
  const redis = new Redis(url)
  try {
    await planting[kind](redis, text)
    await look()
  } finally {
    await redis.del('planted')
    redis.disconnect()
  }
}
