// Who is signed in, and leaving again. Signing in itself is OpenID Connect's redirect (`/auth/...`), not an operation.
import { z } from 'zod'
import { operations } from './operation.ts'
import { authorityId, role, tenantId, tenantKind, unitId, userId } from './schemas.ts'

export const me = z.object({
  user: userId,
  name: z.string(),
  title: z.string(),
  /** `kommunCode`: SCB's four digits, which its cases' numbers begin with; null where it is not a kommun. */
  tenant: z.object({ id: tenantId, name: z.string(), kind: tenantKind, kommunCode: z.string().nullable() }),
  authority: z.object({ id: authorityId, name: z.string() }),
  units: z.array(z.object({ id: unitId, name: z.string() })),
  roles: z.array(role),
  /** Minutes without use after which the client locks and the session ends. */
  idleMinutes: z.number(),
  endsAt: z.string(),
})

export const sessions = operations('sessions', {
  tenants: {
    act: 'tenant.choose',
    method: 'GET',
    path: '/sign-in/tenants',
    answer: z.object({ tenants: z.array(z.object({ id: tenantId, name: z.string(), kind: tenantKind })) }),
    problems: [],
  },
  me: { act: 'session.read', method: 'GET', path: '/session', answer: me, problems: [] },
  end: { act: 'session.end', method: 'DELETE', path: '/session', answer: z.object({}), problems: [] },
  endEverywhere: {
    act: 'session.end',
    method: 'DELETE',
    path: '/sessions',
    answer: z.object({ ended: z.number() }),
    problems: [],
  },
})
