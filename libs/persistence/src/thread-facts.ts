// What a decision may know of a thread, a key's room or a compartment, loaded under row-level security.
import type { AuthorityId, CaseId, Category, CompartmentId, KeyId, ThreadId } from '#libs/domain'
import { endOfTime, instantOf } from '#libs/domain'
import type { CaseFacts, ContentFacts } from '#libs/policy'
import type { Tx } from './transaction.ts'
import { facts } from './case-facts.ts'
import { query } from './transaction.ts'

const now = '(select sluss_now())'
const me = '(select sluss_user())'

type Standing = {
  readonly compartment: CompartmentId
  readonly key: KeyId
  readonly source: AuthorityId
  readonly category: Category
  readonly standing: 'own' | 'covered' | 'former'
  readonly until: Date
}

/** What a thread is to the actor, by the most readable stream in it; null: nothing she may know of. */
export const threadFacts = (tx: Tx, caseFacts: CaseFacts, thread: ThreadId): Promise<ContentFacts | null> =>
  streamFacts(tx, caseFacts, 's.thread_id = $2', thread, thread)

async function streamFacts(
  tx: Tx,
  caseFacts: CaseFacts,
  where: string,
  named: string,
  thread: ThreadId | null,
): Promise<ContentFacts | null> {
  const [row] = await query<Standing>(
    tx,
    `select s.compartment_id as compartment, s.key_id as key, s.authority_id as source, s.category, r.valid_until as until,
            case when r.valid_until <= ${now} then 'former' when s.authority_id = sluss_authority() then 'own' else 'covered' end as standing
     from streams s join readers r on r.key_id = s.key_id and r.user_id = ${me} and r.valid_from <= ${now}
     where s.case_id = $1 and ${where}
     order by (r.valid_until <= ${now}), (s.authority_id <> sluss_authority()), r.valid_until desc limit 1`,
    [caseFacts.case, named],
  )
  if (row === undefined) return null
  return {
    about: 'content',
    in: caseFacts,
    thread,
    compartment: row.compartment,
    key: row.key,
    source: row.source,
    category: row.category,
    coverage: row.standing,
    until: instantOf(row.until.getTime()),
    reachesBlockedSubject: false,
  }
}

/** A compartment to write in: her own authority's, in a category that her assignment carries; one she once read in is `former`. */
export async function compartmentFacts(
  tx: Tx,
  caseId: CaseId,
  compartment: CompartmentId,
  thread: ThreadId | null,
): Promise<ContentFacts | null> {
  const [caseFacts, [row]] = await Promise.all([
    facts(tx, caseId),
    query<{ source: AuthorityId; category: Category }>(
      tx,
      'select authority_id as source, category from compartments where id = $1 and case_id = $2',
      [compartment, caseId],
    ),
  ])
  if (caseFacts === null) return null
  if (row === undefined) return streamFacts(tx, caseFacts, 's.compartment_id = $2', compartment, thread)
  return openingCompartmentFacts(caseFacts, { compartment, ...row, thread })
}

/** For a compartment that the same request opens, by her own authority. */
export const openingCompartmentFacts = (
  caseFacts: CaseFacts,
  opened: {
    readonly compartment: CompartmentId
    readonly source: AuthorityId
    readonly category: Category
    readonly thread: ThreadId | null
  },
): ContentFacts => ({
  about: 'content',
  in: caseFacts,
  thread: opened.thread,
  compartment: opened.compartment,
  key: null,
  source: opened.source,
  category: opened.category,
  coverage: 'own',
  until: endOfTime,
  reachesBlockedSubject: false,
})
