// Staff keys and their certification; the keys of a case: epochs, reception keys, flow keys, wraps.
import { z } from 'zod'
import { operations } from './operation.ts'
import {
  append,
  appended,
  base64,
  caseId,
  fingerprint,
  keyId,
  role,
  authorityId,
  unitId,
  userId,
  wrap,
} from './schemas.ts'

const publicHalf = { publicKey: base64(4096), signing: fingerprint, encryption: fingerprint }

export const keys = operations('keys', {
  own: {
    act: 'key.read-own',
    method: 'GET',
    path: '/keys/own',
    answer: z.object({
      state: z.enum(['none', 'pending', 'certified', 'ended']),
      key: z.object({ ...publicHalf, lockedPrivateKey: base64(16_384) }).nullable(),
      /** The end of its certification, to the minute; null while there is none. */
      validUntil: z.string().nullable(),
    }),
    problems: ['too-many-requests'],
  },
  create: {
    act: 'key.create',
    method: 'POST',
    path: '/keys/own',
    body: z.strictObject({ ...publicHalf, lockedPrivateKey: base64(16_384) }),
    answer: z.object({ state: z.literal('pending') }),
    problems: ['already-exists', 'statement-refused'],
  },
  pending: {
    act: 'key.list-pending',
    method: 'GET',
    path: '/keys/pending',
    answer: z.object({
      keys: z.array(
        z.object({
          ...publicHalf,
          user: userId,
          name: z.string(),
          title: z.string(),
          salt: z.string(),
          roles: z.array(role),
          authority: authorityId,
          units: z.array(unitId),
          createdAt: z.string(),
        }),
      ),
    }),
    problems: [],
  },
  /** One statement on the tenant chain: key.certified or, where two certifiers are needed, approved. */
  certify: {
    act: 'key.certify',
    method: 'POST',
    path: '/keys/certifications',
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** One key.ended on the tenant chain. */
  end: {
    act: 'key.end',
    method: 'POST',
    path: '/keys/endings',
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'clock-apart'],
  },
  /** compartment.opened, epoch.started, reception.started, reception.key, reception.ended, wraps.added, flow.keyed, speakers by a receiver. */
  maintain: {
    act: 'key.maintain',
    method: 'POST',
    path: '/cases/:caseId/keys',
    params: z.strictObject({ caseId }),
    body: append,
    answer: appended,
    problems: ['statement-refused', 'ledger-moved-on', 'key-stale', 'clock-apart'],
  },
  /** The wraps that are for the reader: epochs and reception keys by her fingerprint, flow keys by her authority's reception keys or under an epoch. */
  wraps: {
    act: 'key.read-wraps',
    method: 'GET',
    path: '/cases/:caseId/wraps',
    params: z.strictObject({ caseId }),
    query: z.strictObject({ after: keyId.optional() }),
    answer: z.object({ wraps: z.array(wrap), more: z.boolean() }),
    problems: [],
  },
})
