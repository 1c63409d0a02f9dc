// Cases: opening, finding, reading the signed chains one may see, and who of an authority is assigned.
import { z } from 'zod'
import { operations } from './operation.ts'
import {
  append,
  appended,
  authorityId,
  base64,
  caseId,
  cursor,
  hash,
  head,
  keyId,
  phase,
  signed,
  tenantId,
  unitId,
} from './schemas.ts'
import { person } from './tenants.contract.ts'

export const caseSummary = z.object({
  id: caseId,
  number: z.string(),
  tenant: tenantId,
  authority: authorityId,
  unit: unitId,
  phase,
  openedAt: z.string(),
  changedAt: z.string(),
  /** `assigned`: opens it; `receiver`: sees that her authority is named, and may assign; `former`: a stub. */
  relation: z.enum(['assigned', 'receiver', 'former']),
  /** The own authority's working title, sealed under an epoch of its own `plan` compartment; null: none, or not this reader's. */
  title: z.object({ key: keyId, bytes: base64(1024) }).nullable(),
})

export const chain = z.object({ place: z.string(), statements: z.array(signed) })

export const cases = operations('cases', {
  open: {
    act: 'case.open',
    method: 'POST',
    path: '/cases',
    body: append,
    answer: appended.extend({ case: caseSummary }),
    problems: ['statement-refused', 'already-exists', 'clock-apart'],
  },
  list: {
    act: 'case.list',
    method: 'GET',
    path: '/cases',
    query: z.strictObject({
      after: cursor.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      phase: phase.optional(),
      relation: z.enum(['assigned', 'receiver']).optional(),
    }),
    answer: z.object({ cases: z.array(caseSummary), next: cursor.nullable() }),
    problems: [],
  },
  /** Own ledger and the strands from and to one's authority, from the given places on; and what the server says of narrowing (protocol.md § 4 rule 4). */
  read: {
    act: 'case.read',
    method: 'GET',
    path: '/cases/:caseId',
    params: z.strictObject({ caseId }),
    answer: z.object({
      case: caseSummary,
      chains: z.array(chain),
      /** Grants that the server knows as withdrawn before the signed reason reached this authority. */
      withdrawnGrants: z.array(z.object({ grant: hash, since: z.string() })),
      people: z.array(person),
      /** Where the tenant chains of the parties stand, so that a client that is kept open fetches what it lacks of them and no more. */
      tenantHeads: z.record(tenantId, head),
      at: z.string(),
    }),
    problems: ['scope-ended', 'assignment-ended'],
  },
  /** The own authority's working title: AES-GCM under a key derived from the epoch's content key; the newest wins (domain.md § 2). */
  title: {
    act: 'case.title',
    method: 'POST',
    path: '/cases/:caseId/title',
    params: z.strictObject({ caseId }),
    body: z.strictObject({ key: keyId, bytes: base64(1024).min(1) }),
    answer: z.object({}),
    problems: ['key-stale', 'scope-ended', 'assignment-ended'],
  },
  /** ledger.opened (a party's first), assignment.added, speakers, reception.ended, contacts. */
  assign: {
    act: 'assignment.add',
    method: 'POST',
    path: '/cases/:caseId/assignments',
    params: z.strictObject({ caseId }),
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** assignment.ended or .barred, with the reception.ended and speakers that belong to it. */
  endAssignment: {
    act: 'assignment.end',
    method: 'POST',
    path: '/cases/:caseId/assignments/endings',
    params: z.strictObject({ caseId }),
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** upheld and voided, for decisions whose signer's key has ended; with a voided assignment its reception.ended and speakers. */
  settle: {
    act: 'decision.settle',
    method: 'POST',
    path: '/cases/:caseId/decisions',
    params: z.strictObject({ caseId }),
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
})
