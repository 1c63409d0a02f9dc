// A case's line in a list, with its working title opened where the key is the reader's (domain.md § 2).
import type { AnswerOf } from '#libs/contracts'
import { type cases as operations } from '#libs/contracts'
import type { KeyId } from '#libs/domain'
import { openTitle } from '#libs/protocol'
import type { Worked } from './context.ts'
import type { CaseSummary } from './views.ts'

type Summary = AnswerOf<typeof operations.table.list>['cases'][number]

/** A summary as shown: the title is opened where its key is the reader's. */
export async function summaryOf(
  summary: Summary,
  worked: Worked | null,
  waiting: CaseSummary['waiting'],
): Promise<CaseSummary> {
  const { id: caseId, number, phase, openedAt, changedAt, relation, title } = summary
  const owner = { tenant: summary.tenant, authority: summary.authority, unit: summary.unit }
  const shown = worked === null || title === null ? null : await titleOf(worked, title)
  return { id: caseId, number, title: shown, owner, phase, openedAt, changedAt, relation, waiting }
}

async function titleOf(worked: Worked, title: { readonly key: KeyId; readonly bytes: string }): Promise<string | null> {
  const key = await worked.vault.open(title.key)
  if (!key.ok) return null
  const opened = await openTitle(title.bytes, worked.book.id, key.value)
  return opened.ok ? opened.value : null
}
