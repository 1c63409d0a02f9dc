// The access table: every operation and live event × role × relation, and how it is to be answered. Written by hand from
// domain.md §§ 1 and 6, never generated from the policy; the policy's specs and the API's run all of it.

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

// ---- roles, by what the table says of them alike

/** Write every category when assigned; neither receive nor see anything otherwise. */
const WRITERS = [
  'intake_worker',
  'caseworker',
  'contact_person',
  'local_coordinator',
  'enforcement_officer',
  'treatment_worker',
]
/** Write every category when assigned, and receive for their unit. */
const HEADS = ['institution_head']
/** The same for a whole region, whatever the unit. */
const REGIONAL = ['regional_coordinator']
/** Receive and assign; no content by that role, but read when assigned (alone, at night). */
const LEADERS = ['team_leader']
const ASSESSORS = ['threat_assessor']
const PERFORMERS = ['performer']
const CUSTODIANS = ['key_custodian']
const REVIEWERS = ['security_officer', 'data_protection_officer']
const OTHERS = ['national_coordinator', 'funding_officer', 'analyst', 'archivist', 'tenant_admin']
const ASSIGNABLE = [...WRITERS, ...HEADS, ...REGIONAL, ...LEADERS, ...ASSESSORS, ...PERFORMERS]
export const tableRoles = [...ASSIGNABLE, ...CUSTODIANS, ...REVIEWERS, ...OTHERS]

// ---- answers that recur

/** Everybody for whom the case is there: one's own authority's records and a stub stay after the end. */
const IN_CASE = {
  own: 'yes',
  covered: 'yes',
  otherCategory: 'yes',
  awaiting: 'yes',
  expired: 'yes',
  withdrawn: 'yes',
} as const
const NO_ROLE = {
  own: 'role-missing',
  covered: 'role-missing',
  otherCategory: 'role-missing',
  awaiting: 'role-missing',
  expired: 'role-missing',
  withdrawn: 'role-missing',
} as const
/** What needs a case that is not closed to one's authority. */
const WHILE_OPEN = { ...IN_CASE, expired: 'scope-ended', withdrawn: 'scope-ended' } as const
/** Content of another authority, or one's own for `own`. */
const READING = {
  own: 'yes',
  ended: 'assignment-ended',
  covered: 'yes',
  expired: 'scope-ended',
  withdrawn: 'scope-ended',
} as const

const READS_CONTENT: AccessRow = { about: 'content', lines: [{ roles: ASSIGNABLE, ...READING }] }

/** The case itself: those assigned, and receivers without content. */
const READS_CASE: AccessRow = {
  about: 'case',
  lines: [
    { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...IN_CASE, ended: 'assignment-ended' },
    { roles: [...HEADS, ...LEADERS], ...IN_CASE, ended: 'yes', receiver: 'yes' },
    { roles: REGIONAL, ...IN_CASE, ended: 'yes', receiver: 'yes', unassigned: 'yes' },
  ],
}

/** What takes an assignment, whatever the role, also when the case is closed to one's authority. */
const TAKES_ASSIGNMENT: AccessRow = {
  about: 'case',
  lines: [
    { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...IN_CASE, ended: 'assignment-ended' },
    { roles: [...HEADS, ...LEADERS], ...IN_CASE, ended: 'assignment-ended', receiver: 'role-missing' },
    { roles: REGIONAL, ...IN_CASE, ended: 'assignment-ended', receiver: 'role-missing', unassigned: 'role-missing' },
  ],
}

/** What takes an assignment, a role that writes and an open case. */
const TAKES_WRITING: AccessRow = {
  about: 'case',
  lines: [
    { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...WHILE_OPEN, ended: 'assignment-ended' },
    { roles: HEADS, ...WHILE_OPEN, ended: 'assignment-ended', receiver: 'role-missing' },
    { roles: REGIONAL, ...WHILE_OPEN, ended: 'assignment-ended', receiver: 'role-missing', unassigned: 'role-missing' },
    { roles: LEADERS, ...NO_ROLE, ended: 'role-missing', receiver: 'role-missing' },
  ],
}

const HERSELF: AccessRow = { about: 'herself', lines: [{ roles: tableRoles, own: 'yes' }] }

// ---- the table

export const accessTable: Readonly<Record<string, AccessRow>> = {
  'sessions.tenants': { about: 'door', lines: [{ roles: tableRoles, stranger: 'yes', anonymous: 'yes' }] },
  'sessions.me': HERSELF,
  'sessions.end': HERSELF,
  'sessions.endEverywhere': HERSELF,

  'tenants.directory': {
    about: 'directory',
    lines: [{ roles: tableRoles, own: 'yes', otherBoard: 'yes', stranger: 'yes' }],
  },
  'tenants.staff': { about: 'person', lines: [{ roles: tableRoles, own: 'yes', unassigned: 'yes' }] },
  'tenants.chain': {
    about: 'organisation',
    lines: [
      { roles: ASSIGNABLE, own: 'yes', otherBoard: 'yes', stranger: 'yes' },
      { roles: [...CUSTODIANS, ...REVIEWERS, ...OTHERS], own: 'yes', otherBoard: 'yes' },
    ],
  },

  'keys.own': HERSELF,
  'keys.create': HERSELF,
  'keys.pending': { about: 'person', lines: [{ roles: CUSTODIANS, own: 'yes', unassigned: 'yes' }] },
  // Nobody certifies her own key.
  'keys.certify': { about: 'person', lines: [{ roles: CUSTODIANS, own: 'role-missing', unassigned: 'yes' }] },
  'keys.end': { about: 'person', lines: [{ roles: CUSTODIANS, own: 'yes', unassigned: 'yes' }] },
  'keys.maintain': {
    about: 'case',
    lines: [
      { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...IN_CASE, ended: 'assignment-ended' },
      { roles: [...HEADS, ...LEADERS], ...IN_CASE, ended: 'yes', receiver: 'yes' },
      { roles: REGIONAL, ...IN_CASE, ended: 'yes', receiver: 'yes', unassigned: 'yes' },
    ],
  },
  'keys.wraps': TAKES_ASSIGNMENT,

  'cases.open': { about: 'unit', lines: [{ roles: ['intake_worker', 'caseworker', 'contact_person'], own: 'yes' }] },
  // A list has no refusals: what is not one's own is not in it.
  'cases.list': {
    about: 'case',
    lines: [
      { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...IN_CASE },
      { roles: [...HEADS, ...LEADERS], ...IN_CASE, ended: 'yes', receiver: 'yes' },
      { roles: REGIONAL, ...IN_CASE, ended: 'yes', receiver: 'yes', unassigned: 'yes' },
    ],
  },
  'cases.read': READS_CASE,
  'cases.title': TAKES_WRITING,
  'cases.assign': {
    about: 'case',
    lines: [
      { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...NO_ROLE, ended: 'assignment-ended' },
      { roles: [...HEADS, ...LEADERS], ...IN_CASE, ended: 'yes', receiver: 'yes' },
      { roles: REGIONAL, ...IN_CASE, ended: 'yes', receiver: 'yes', unassigned: 'yes' },
    ],
  },
  'cases.endAssignment': READS_CASE,

  'consents.register': {
    about: 'case',
    lines: [
      { roles: WRITERS, ...WHILE_OPEN, ended: 'assignment-ended' },
      { roles: HEADS, ...WHILE_OPEN, ended: 'assignment-ended', receiver: 'role-missing' },
      {
        roles: REGIONAL,
        ...WHILE_OPEN,
        ended: 'assignment-ended',
        receiver: 'role-missing',
        unassigned: 'role-missing',
      },
      { roles: [...ASSESSORS, ...PERFORMERS], ...NO_ROLE, ended: 'assignment-ended' },
      { roles: LEADERS, ...NO_ROLE, ended: 'role-missing', receiver: 'role-missing' },
    ],
  },
  // Only by a source that was asked; to the others who know the consent it is not theirs to confirm.
  'consents.confirm': {
    about: 'consent',
    lines: [
      { roles: WRITERS, ...NO_ROLE, ended: 'assignment-ended', awaiting: 'yes' },
      { roles: HEADS, ...NO_ROLE, ended: 'role-missing', receiver: 'role-missing', awaiting: 'yes' },
      {
        roles: REGIONAL,
        ...NO_ROLE,
        ended: 'role-missing',
        receiver: 'role-missing',
        unassigned: 'role-missing',
        awaiting: 'yes',
      },
      { roles: [...ASSESSORS, ...PERFORMERS], ...NO_ROLE, ended: 'assignment-ended' },
      { roles: LEADERS, ...NO_ROLE, ended: 'role-missing', receiver: 'role-missing' },
    ],
  },
  // By the sources, on their own strands.
  'consents.narrow': {
    about: 'consent',
    lines: [
      {
        roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS],
        ...NO_ROLE,
        own: 'yes',
        awaiting: 'yes',
        ended: 'assignment-ended',
      },
      {
        roles: [...HEADS, ...LEADERS],
        ...NO_ROLE,
        own: 'yes',
        awaiting: 'yes',
        ended: 'assignment-ended',
        receiver: 'role-missing',
      },
      {
        roles: REGIONAL,
        ...NO_ROLE,
        own: 'yes',
        awaiting: 'yes',
        ended: 'assignment-ended',
        receiver: 'role-missing',
        unassigned: 'role-missing',
      },
    ],
  },
  // Anybody's duty: also of an authority to which the case is closed already.
  'consents.withdraw': {
    about: 'consent',
    lines: TAKES_ASSIGNMENT.lines,
  },

  'threads.list': TAKES_ASSIGNMENT,
  'threads.read': READS_CONTENT,
  // One writes in one's own authority's compartment; here of category `threat`, for `otherCategory` of `health`.
  'threads.send': {
    about: 'content',
    lines: [
      { roles: [...WRITERS, ...HEADS, ...REGIONAL], ...WHILE_OPEN, ended: 'assignment-ended' },
      { roles: ASSESSORS, ...WHILE_OPEN, otherCategory: 'role-missing', ended: 'assignment-ended' },
      { roles: PERFORMERS, ...NO_ROLE, ended: 'assignment-ended' },
      { roles: LEADERS, ...NO_ROLE },
    ],
  },
  'threads.seal': TAKES_WRITING,
  'threads.moveCursor': READS_CONTENT,
  'threads.cursors': READS_CONTENT,

  // The own authority's entries of the case's log.
  'audit.ofCase': {
    about: 'case',
    lines: [
      { roles: [...WRITERS, ...ASSESSORS, ...PERFORMERS], ...IN_CASE, ended: 'assignment-ended' },
      { roles: [...HEADS, ...LEADERS], ...IN_CASE, ended: 'yes', receiver: 'yes' },
      { roles: REGIONAL, ...IN_CASE, ended: 'yes', receiver: 'yes', unassigned: 'yes' },
      // Without assignment or content, wherever their authority is named; in `own` and the like they are so by the fixture only.
      { roles: REVIEWERS, ...IN_CASE, ended: 'yes', receiver: 'yes', unassigned: 'yes' },
    ],
  },

  // Live: told only to those who may do the event's act; one whom a change put outside is told that, once, and leaves the room.
  'event message.accepted': READS_CONTENT,
  'event scope.changed': READS_CASE,
  'event chain.moved': READS_CASE,
  'event cursor.moved': READS_CONTENT,
  'request case.follow': READS_CASE,
  'request case.leave': READS_CASE,
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
