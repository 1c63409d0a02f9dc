// The access table: every operation and live event × role × relation, and how it is to be answered. Written by hand from
// domain.md §§ 1 and 6, never generated from the policy; the policy's specs and the API's run all of it.
import type { AccessRow } from './notation.ts'

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

/** What opens a flow: not by those who do one measure or one kind of assessment only. */
const DECIDES_WHAT_FLOWS: AccessRow = {
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
}

/** What a source takes back of what it gave itself. */
const NARROWS_OWN: AccessRow = {
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
  'tenants.staff': {
    about: 'person',
    lines: [
      { roles: [...ASSIGNABLE, ...REVIEWERS, ...OTHERS], own: 'yes', unassigned: 'yes' },
      { roles: CUSTODIANS, own: 'yes', unassigned: 'yes', otherBoard: 'yes' },
    ],
  },
  'tenants.chain': {
    about: 'organisation',
    lines: [
      { roles: ASSIGNABLE, own: 'yes', otherBoard: 'yes', stranger: 'yes' },
      { roles: [...CUSTODIANS, ...REVIEWERS, ...OTHERS], own: 'yes', otherBoard: 'yes' },
    ],
  },

  'keys.own': HERSELF,
  'keys.create': HERSELF,
  // By a custodian of the tenant; for which of its authorities she is named stands in the tenant chain.
  'keys.pending': { about: 'person', lines: [{ roles: CUSTODIANS, own: 'yes', unassigned: 'yes', otherBoard: 'yes' }] },
  // Nobody certifies her own key.
  'keys.certify': {
    about: 'person',
    lines: [{ roles: CUSTODIANS, own: 'role-missing', unassigned: 'yes', otherBoard: 'yes' }],
  },
  'keys.end': { about: 'person', lines: [{ roles: CUSTODIANS, own: 'yes', unassigned: 'yes', otherBoard: 'yes' }] },
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
  // Neither the signer nor one whom the decision benefits: that is asked of each statement.
  'cases.settle': READS_CASE,

  'consents.register': DECIDES_WHAT_FLOWS,
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
  'consents.narrow': NARROWS_OWN,
  // By their clients, where a withdrawal has taken it already: whoever narrows may.
  'consents.follow': NARROWS_OWN,
  // Anybody's duty: also of an authority to which the case is closed already.
  'consents.withdraw': {
    about: 'consent',
    lines: TAKES_ASSIGNMENT.lines,
  },

  // By the source's own staff, on a strand of its own; to whomever it is said, the recipient does not say it.
  'disclosures.make': DECIDES_WHAT_FLOWS,
  // Ending is a receiver's too, without content, as of an assignment.
  'disclosures.close': READS_CASE,

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
  'event session.ended': HERSELF,
  'event request.refused': HERSELF,
  'request case.follow': READS_CASE,
  'request case.leave': READS_CASE,
}
