// Schemas that several contracts share: ids, instants, signed statements, wraps, seals.
import type {
  AuthorityId,
  CaseId,
  CompartmentId,
  Fingerprint,
  Hash,
  Instant,
  KeyId,
  MessageId,
  RegistrationId,
  TenantId,
  ThreadId,
  UnitId,
  UserId,
} from '#libs/domain'
import { categories, isInstant, phases, purposes, roles, tenantKinds } from '#libs/domain'
import { z } from 'zod'

const uuid = <T extends string>() =>
  z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
    .transform((text) => text as T & string)
const hex32 = <T extends string>() =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .transform((text) => text as T & string)

export const tenantId = uuid<TenantId>()
export const authorityId = uuid<AuthorityId>()
export const unitId = uuid<UnitId>()
export const userId = uuid<UserId>()
export const caseId = uuid<CaseId>()
export const registrationId = uuid<RegistrationId>()
export const compartmentId = uuid<CompartmentId>()
export const keyId = uuid<KeyId>()
export const threadId = uuid<ThreadId>()
export const messageId = uuid<MessageId>()
export const entryId = uuid<string>()
export const hash = hex32<Hash>()
export const fingerprint = hex32<Fingerprint>()
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/)
  .refine(isInstant)
  .transform((text) => text as Instant)
export const category = z.enum(categories)
export const purpose = z.enum(purposes)
export const phase = z.enum(phases)
export const role = z.enum(roles)
export const tenantKind = z.enum(tenantKinds)
export const base64 = (maximumBytes: number) =>
  z
    .string()
    .max(Math.ceil(maximumBytes / 3) * 4)
    .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
/** The largest that a place, a count or a version may be: the database's own, which no chain or stream comes near. */
export const largestCount = 2_147_483_647
const place =
  /^((?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.\d{6}Z [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Opaque to callers; what no list has given out is refused here, and not answered with an empty page. */
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{86}$/)
  .refine(isPlace)

function isPlace(text: string): boolean {
  if (!/^[A-Za-z0-9_-]{86}$/.test(text)) return false
  const [, second] = place.exec(atob(text.replaceAll('-', '+').replaceAll('_', '/'))) ?? []
  if (second === undefined) return false
  const milliseconds = Date.parse(`${second}Z`)
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 19) === second
}

/** A flow as a sender names it: its compartment, the recipient, and the units where it is for some or the disclosure that opens it. */
export const flowName = z
  .string()
  .max(2_000)
  .regex(/^[0-9a-f-]{36}\/[0-9a-f-]{36}(?:\/[0-9a-f-]{36}(?:,[0-9a-f-]{36})*|![0-9a-f]{64})?$/)

/** The exact signed text (JCS) and a detached signature over its signed bytes. */
export const signed = z.strictObject({ bytes: z.string().min(2).max(65_536), signature: base64(512) })
export type Signed = z.output<typeof signed>

/** A key for one holder: `to` is the encryption fingerprint, the reception key's id, or `epoch` (a flow key under its compartment's content key). */
export const wrap = z.strictObject({
  key: keyId,
  to: z.union([fingerprint, keyId, z.literal('epoch')]),
  bytes: base64(2048),
})

/** Statements in one or several places and the wraps they name; accepted in one transaction or not at all (protocol.md § 4). */
export const append = z.strictObject({ statements: z.array(signed).min(1).max(200), wraps: z.array(wrap).max(2000) })
export type Append = z.output<typeof append>

export const head = z.strictObject({ n: z.number().int().min(0), hash })
/** Where the chains stand after an append. */
export const appended = z.object({ heads: z.record(z.string(), head), acceptedAt: z.string() })

/** One message key under one epoch or flow key: 113 bytes; the epoch's seal has 33 more for each of up to 64 recipients it notes. */
export const seal = z.strictObject({ key: keyId, bytes: base64(2560) })
