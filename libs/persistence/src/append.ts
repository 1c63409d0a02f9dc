// Writing statements and moving the heads of their chains: what tenant chains, ledgers and strands have in common.
import type { Head, PlaceName } from '#libs/domain'
import type { StatementRow } from './chains.ts'
import { grouped } from './grouped.ts'
import { Conflict } from './problems.ts'
import type { Tx } from './transaction.ts'
import { changed, query } from './transaction.ts'

/** Stores statements as they stand and answers the heads after them. Throws Conflict('ledger-moved-on') where a place is taken. */
export async function storeStatements(
  tx: Tx,
  rows: readonly StatementRow[],
): Promise<Readonly<Record<PlaceName, Head>>> {
  const inChain = rows.filter((row) => row.in_chain)
  const heads = new Map<PlaceName, Head>()
  for (const [place, ofPlace] of grouped(inChain, (row) => row.place)) heads.set(place, await moveHead(tx, ofPlace))
  await query(
    tx,
    `insert into statements (hash, place, n, kind, type, tenant_id, case_id, authority_id, recipient_id, by_user_id, signing, at, bytes, signature, in_chain)
     select x.hash, x.place, x.n, x.kind, x.type, x.tenant_id, x.case_id, x.authority_id, x.recipient_id, x.by_user_id, x.signing, x.at,
            x.bytes, decode(x.signature, 'base64'), x.in_chain
     from jsonb_to_recordset($1::jsonb) as x (hash text, place text, n integer, kind text, type text, tenant_id uuid, case_id uuid,
       authority_id uuid, recipient_id uuid, by_user_id uuid, signing text, at timestamptz, bytes text, signature text, in_chain boolean)`,
    [JSON.stringify(rows)],
  )
  return Object.fromEntries(heads)
}

async function moveHead(tx: Tx, rows: readonly StatementRow[]): Promise<Head> {
  const [first] = rows
  const last = rows.at(-1)
  if (first === undefined || last === undefined) throw new Error('no statement')
  const head = { n: last.n, hash: last.hash }
  if (first.n === 0) {
    await beginChain(tx, first, head)
    return head
  }
  const sql = 'update chains set n = $2, hash = $3 where place = $1 and n = $4'
  if ((await changed(tx, sql, [first.place, head.n, head.hash, first.n - 1])) !== 1)
    throw new Conflict('ledger-moved-on')
  return head
}

const beginChain = (tx: Tx, row: StatementRow, head: Head): Promise<unknown> =>
  query(
    tx,
    `insert into chains (place, kind, tenant_id, case_id, authority_id, recipient_id, n, hash) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.place, row.kind, row.tenant_id, row.case_id, row.authority_id, row.recipient_id, head.n, head.hash],
  )
