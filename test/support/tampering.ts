// What somebody with the database in her hands could do: open every gate in the rows, change and swap what is stored.
import type { MessageId, ThreadId, UserId } from '#libs/domain'
import { rowsOf } from './database.ts'
import type { Given } from './given.ts'

/** Past the triggers that keep rows from being changed: those bind the application, not whoever holds the server. */
async function asSuperuser(here: Given, sql: string, values: readonly string[]): Promise<void> {
  const literal = values.reduce((text, value, place) => text.replaceAll(`$${place + 1}`, `'${value}'`), sql)
  await rowsOf(here.sluss.database.adminUrl, `set session_replication_role = replica; ${literal}`)
}

type Row = { readonly id: string; readonly seals: readonly { readonly key: string; readonly late: boolean }[] }

/** A server that hands over a thread whole, read past every gate: each message with all its seals, whoever they are for. */
export const handingOverAll =
  (here: Given, thread: ThreadId): typeof fetch =>
  async (input, init) => {
    const path = String(input)
    if (path.includes(`/threads/${thread}/cursors`)) return Response.json({ cursors: [] })
    if (!path.includes(`/threads/${thread}/messages`)) return fetch(input, init)
    const messages = await rowsOf<Row>(
      here.sluss.database.adminUrl,
      `select m.id, m.compartment_id as compartment, m.thread_id as thread, m.author_id as author,
              to_char(m.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as at, m.accepted_at::text as "acceptedAt", m.commit,
              replace(encode(m.ciphertext, 'base64'), E'\\n', '') as ciphertext,
              (select json_agg(json_build_object('key', s.key_id, 'seq', coalesce(s.seq, 0), 'late', s.seq is null,
                                                 'bytes', replace(encode(s.bytes, 'base64'), E'\\n', ''))) from seals s where s.message_id = m.id) as seals
       from messages m where m.thread_id = $1 order by m.accepted_at`,
      [thread],
    )
    return Response.json({ messages, next: null })
  }

/** One bit of the ciphertext, far enough in to be content. */
export const changeOneBit = (here: Given, message: MessageId): Promise<void> =>
  asSuperuser(
    here,
    `update messages set ciphertext = set_byte(ciphertext, 200, get_byte(ciphertext, 200) # 1) where id = $1`,
    [message],
  )

/** Changes the places of two messages in every stream that holds both. */
export const swapPlaces = (here: Given, one: MessageId, other: MessageId): Promise<void> =>
  asSuperuser(
    here,
    `update seals set seq = -seq where message_id in ($1, $2);
     update seals a set seq = -b.seq from (select * from seals) b
     where a.key_id = b.key_id and ((a.message_id = $1 and b.message_id = $2) or (a.message_id = $2 and b.message_id = $1));
     update messages a set accepted_at = b.accepted_at from (select * from messages) b
     where (a.id = $1 and b.id = $2) or (a.id = $2 and b.id = $1)`,
    [one, other],
  )

export const takeAway = (here: Given, message: MessageId): Promise<void> =>
  asSuperuser(here, 'delete from seals where message_id = $1; delete from messages where id = $1', [message])

/** Says that somebody else wrote it. */
export const changeAuthor = (here: Given, message: MessageId, author: UserId): Promise<void> =>
  asSuperuser(here, 'update messages set author_id = $2 where id = $1', [message, author])

/** Stores the same ciphertext and seals once more, under another id and at the next place. */
export const replay = (here: Given, message: MessageId, as: MessageId): Promise<void> =>
  asSuperuser(
    here,
    `insert into messages (id, case_id, compartment_id, thread_id, author_id, at, accepted_at, commit, ciphertext)
     select $2, case_id, compartment_id, thread_id, author_id, at, accepted_at + interval '1 second', commit, ciphertext from messages where id = $1;
     insert into seals (message_id, key_id, thread_id, seq, bytes)
     select $2, s.key_id, s.thread_id, (select max(seq) + 1 from seals x where x.key_id = s.key_id and x.thread_id = s.thread_id), s.bytes
     from seals s where s.message_id = $1`,
    [message, as],
  )

/** To whom the keys of a message's seals were wrapped: fingerprints of persons, reception keys. */
export const wrappedTo = async (here: Given, message: MessageId): Promise<readonly string[]> =>
  (
    await rowsOf<{ to: string }>(
      here.sluss.database.adminUrl,
      `select distinct w.holder as "to" from wraps w join seals s on s.key_id = w.key_id where s.message_id = $1`,
      [message],
    )
  ).map((row) => row.to)
