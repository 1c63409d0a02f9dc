// The plan of what a store asks the database: its own SQL, overheard, explained as the application's role under the same settings.
import pg from 'pg'
import type { Person } from '#libs/persistence'

type Heard = { readonly text: string; readonly values: readonly unknown[] }

/** The last query of `work` whose text fits, as the driver was given it. */
export async function overhear(fits: RegExp, work: () => Promise<unknown>): Promise<Heard> {
  const heard: Heard[] = []
  const original = pg.Client.prototype.query
  const listening = function (this: pg.Client, ...given: unknown[]): unknown {
    const asked = given[0] as { readonly text?: string; readonly values?: readonly unknown[] } | string // as the stores ask
    if (typeof asked === 'object' && fits.test(asked.text ?? ''))
      heard.push({ text: asked.text ?? '', values: asked.values ?? [] })
    return Reflect.apply(original, this, given)
  }
  Object.assign(pg.Client.prototype, { query: listening })
  try {
    await work()
  } finally {
    Object.assign(pg.Client.prototype, { query: original })
  }
  const last = heard.at(-1)
  if (last === undefined) throw new Error(`no query fits ${fits}`)
  return last
}

export async function explain(appUrl: string, who: Person, { text, values }: Heard): Promise<string> {
  const client = new pg.Client({ connectionString: appUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(
      "select set_config('sluss.tenant', $1, true), set_config('sluss.user', $2, true), set_config('sluss.authority', $3, true)",
      [who.tenant, who.user, who.authority],
    )
    const sql = `explain (analyze, costs off, buffers off) ${text}`
    // Twice: the first on a connection reads the catalogue.
    await client.query(sql, [...values])
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(sql, [...values])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    await client.end()
  }
}
