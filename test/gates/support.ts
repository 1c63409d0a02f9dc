// How the gate tests speak to PostgreSQL: bare SQL as a role, as a person, with no policy in between.
import pg from 'pg'

export type Somebody = { readonly user: string; readonly tenant: string; readonly authority: string }

/** Rows of one statement, in a transaction that is rolled back, as nobody or as the person named. */
export async function rowsAs<Row extends object>(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
  who?: Somebody,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    if (who !== undefined)
      await client.query(
        "select set_config('sluss.user', $1, true), set_config('sluss.tenant', $2, true), set_config('sluss.authority', $3, true)",
        [who.user, who.tenant, who.authority],
      )
    const { rows } = await client.query<Row>(sql, [...parameters])
    await client.query('rollback')
    return rows
  } finally {
    await client.end()
  }
}
