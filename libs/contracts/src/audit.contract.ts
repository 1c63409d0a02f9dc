// The log of a case, readable by those whose role allows.
import { z } from 'zod'
import { operations } from './operation.ts'
import { authorityId, caseId, cursor, entryId, userId } from './schemas.ts'

export const audit = operations('audit', {
  ofCase: {
    act: 'audit.read',
    method: 'GET',
    path: '/cases/:caseId/log',
    params: z.strictObject({ caseId }),
    // `events`: without what was only read or kept up; what was refused is always there. Left out, everything is.
    query: z.strictObject({ after: cursor.optional(), only: z.literal('events').optional() }),
    answer: z.object({
      entries: z.array(
        z.object({
          id: entryId,
          at: z.string(),
          user: userId.nullable(),
          authority: authorityId.nullable(),
          act: z.string(),
          outcome: z.enum(['allowed', 'refused', 'absent']),
          reason: z.string().nullable(),
        }),
      ),
      next: cursor.nullable(),
    }),
    problems: [],
  },
})
