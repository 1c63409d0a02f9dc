// How the gate tests speak to PostgreSQL: bare SQL as a role, as a person, with no policy in between.
import pg from 'pg'

export type Somebody = { readonly user: string; readonly tenant: string; readonly authority: string }

const clients = new Map<string, Promise<pg.Client>>()

function clientOf(url: string): Promise<pg.Client> {
  const known = clients.get(url)
  if (known !== undefined) return known
  const client = new pg.Client({ connectionString: url })
  const connected = client.connect().then(() => client)
  clients.set(url, connected)
  return connected
}

/** Closes what `rowsAs` has opened, before the database is dropped. */
export async function disconnect(): Promise<void> {
  for (const client of clients.values()) await (await client).end()
  clients.clear()
}

/** Rows of one statement, of the last where there are several, in a transaction that is rolled back, as nobody or as the person named. */
export async function rowsAs<Row extends object>(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
  who?: Somebody,
): Promise<readonly Row[]> {
  const client = await clientOf(url)
  await client.query('begin')
  try {
    if (who !== undefined)
      await client.query(
        "select set_config('sluss.user', $1, true), set_config('sluss.tenant', $2, true), set_config('sluss.authority', $3, true)",
        [who.user, who.tenant, who.authority],
      )
    // Several come as a list.
    const answers = [await client.query<Row>(sql, [...parameters])].flat()
    return answers.at(-1)?.rows ?? []
  } finally {
    await client.query('rollback')
  }
}
