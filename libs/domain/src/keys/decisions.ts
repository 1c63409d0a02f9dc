// Decisions whose signer's key has ended or expired and that nobody has carried on: they wait to be upheld or voided (protocol.md § 4
// rule 1). Until then nothing new rests on them.
import { assignmentSpans } from '../cases/assigned.ts'
import type { CaseHistory, ToldOf } from '../cases/case-history.ts'
import { everySaying } from '../cases/case-history.ts'
import { holds } from '../cases/span.ts'
import { grantSpan, waysOf } from '../consents/effective-scope.ts'
import { disclosureSpan } from '../disclosures/disclosures.ts'
import { registrationEnd, registrationsOf } from '../consents/terms.ts'
import type { AuthorityId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { TenantStates } from './tenant-chain.ts'
import { covered } from './upholding.ts'

/** What may be voided, and what a person is asked about: keys are simply started anew. */
export type Decision =
  ToldOf<'assignment.added'> | ToldOf<'consent.registered'> | ToldOf<'grant.opened'> | ToldOf<'disclosure.made'>

/** An authority's own decisions that would still have effect at `at` and that no standing key carries, in the order taken in. */
export function unsettled(
  history: CaseHistory,
  tenants: TenantStates,
  authority: AuthorityId,
  at: Instant,
): readonly Decision[] {
  const decisions: readonly Decision[] = [
    ...everySaying(history, 'assignment.added').filter((told) => isStanding(history, told, at)),
    ...everySaying(history, 'consent.registered').filter((told) => isGiving(history, told, at)),
    ...everySaying(history, 'grant.opened').filter((told) => isOpen(history, told, at)),
    ...everySaying(history, 'disclosure.made').filter((told) => {
      const span = disclosureSpan(history, told)
      return span !== null && holds(span, at)
    }),
  ]
  return decisions.filter((told) => told.from === authority && !covered(history, tenants, told, at))
}

function isStanding(history: CaseHistory, told: ToldOf<'assignment.added'>, at: Instant): boolean {
  const spans = assignmentSpans(history, told.from, told.statement.body.user)
  return spans.some((span) => span.told.hash === told.hash && holds(span, at))
}

function isGiving(history: CaseHistory, told: ToldOf<'consent.registered'>, at: Instant): boolean {
  const known = registrationsOf(history)
  const { registration, flows } = told.statement.body
  return flows.some(({ subject, source, recipient, categories, purposes }) =>
    categories.some((category) =>
      purposes.some((purpose) => {
        const way = { subject, source, recipient, category, purpose }
        const end = registrationEnd(history, known, { registration, grant: told }, way)
        return end !== null && at < end
      }),
    ),
  )
}

function isOpen(history: CaseHistory, told: ToldOf<'grant.opened'>, at: Instant): boolean {
  const known = registrationsOf(history)
  return waysOf(told).some((way) => {
    const span = grantSpan(history, known, told, way)
    return span !== null && at < span.until
  })
}
