// How the access table is written: relations, answers, lines, rows.

/** How the one who asks stands to the case (or, for what is not in a case, to the person, unit or organisation asked about). */
export const accessRelations = [
  /** Assigned to the case by the authority that owns it; the content is that authority's. Not in a case: herself, her own unit, her own organisation. */
  'own',
  /** Of that authority, another unit, never assigned. Not in a case: a colleague, another unit of one's authority. */
  'unassigned',
  /** Was assigned; the content was made before it ended. */
  'ended',
  /** Of an authority that is named, in the unit shown, never assigned. */
  'receiver',
  /** Of another nämnd of the same kommun, which nothing names. */
  'otherBoard',
  /** Assigned by another tenant's authority to which an open flow covers the content; the consent was registered elsewhere. */
  'covered',
  /** As `covered`, but the content is of a category that no flow covers. */
  'otherCategory',
  /** Assigned by an authority for which the source has not confirmed, and which is itself asked to confirm. */
  'awaiting',
  /** As `covered`, but every flow has passed its end; the content was made before. */
  'expired',
  /** As `covered`, but the consent is withdrawn; the content was made before. */
  'withdrawn',
  /** Of a tenant that nothing names. */
  'stranger',
  /** Not signed in. */
  'anonymous',
] as const
export type AccessRelation = (typeof accessRelations)[number]

/** A refusal says its reason; what is left out is answered as though the thing did not exist, and to the anonymous as 401. */
export type AccessAnswer = 'yes' | 'scope-ended' | 'assignment-ended' | 'role-missing'
export type AccessLine = { readonly roles: readonly string[] } & { readonly [R in AccessRelation]?: AccessAnswer }

/** What an operation is asked about, which decides the relations that have a meaning for it. */
export type AccessSubject =
  'door' | 'herself' | 'directory' | 'organisation' | 'person' | 'unit' | 'case' | 'consent' | 'content'

export type AccessRow = { readonly about: AccessSubject; readonly lines: readonly AccessLine[] }

const everyRelation = accessRelations
const outsideCases: readonly AccessRelation[] = ['own', 'unassigned', 'otherBoard', 'stranger', 'anonymous']
export const relationsOf: Readonly<Record<AccessSubject, readonly AccessRelation[]>> = {
  door: ['stranger', 'anonymous'],
  herself: ['own', 'anonymous'],
  directory: ['own', 'otherBoard', 'stranger', 'anonymous'],
  organisation: ['own', 'otherBoard', 'stranger', 'anonymous'],
  person: outsideCases,
  unit: outsideCases,
  case: everyRelation,
  consent: everyRelation,
  content: everyRelation,
}

/** The expected answer, defaults spelt out. */
export function expectedAnswer(
  row: AccessRow,
  role: string,
  relation: AccessRelation,
): AccessAnswer | 'absent' | 'anonymous' {
  const stated = row.lines.find((line) => line.roles.includes(role))?.[relation]
  return stated ?? (relation === 'anonymous' ? 'anonymous' : 'absent')
}
