// How what the stores answer is written in answers that several capabilities give.
import type { caseSummary, person } from '#libs/contracts'
import type { cases, StoredStatement, tenants } from '#libs/persistence'
import type { z } from 'zod'

export const signedAnswer = ({ bytes, signature }: Pick<StoredStatement, 'bytes' | 'signature'>) => ({
  bytes,
  signature,
})

type StaffEntry = Awaited<ReturnType<typeof tenants.staffOf>>[number]

export const personAnswer = (entry: StaffEntry): z.input<typeof person> => ({
  ...entry,
  units: [...entry.units],
  roles: [...entry.roles],
})

type CaseRow = Awaited<ReturnType<typeof cases.findCase>>

export const caseAnswer = (row: CaseRow): z.input<typeof caseSummary> => ({
  ...row,
  openedAt: row.openedAt.toISOString(),
  changedAt: row.changedAt.toISOString(),
})
