// The consent that is being written down, step by step: what is filled in, what is missing, and what it becomes.
import type { CalendarDate } from '@internationalized/date'
import { parseDate } from '@internationalized/date'
import type {
  AuthorityId,
  Category,
  Given,
  Giver,
  IncludesEarlier,
  Purpose,
  RegistrationId,
  UnitId,
} from '#libs/domain'
import type { ConsentDraft } from '../../crypto/facade.ts'
import { endOfDay, startOfDay } from '../../i18n/formats.ts'

export const steps = ['given', 'authorities', 'scope', 'time', 'review'] as const
export type Step = (typeof steps)[number]

/** A day as `YYYY-MM-DD`: the draft is kept sealed as text. */
export type Day = string
export type Counterpart = {
  readonly authority: AuthorityId
  readonly units: readonly UnitId[] | null
  readonly direction: ConsentDraft['flows'][number]['direction'] | null
  readonly categories: readonly Category[]
  readonly purposes: readonly Purpose[]
  readonly includesEarlier: IncludesEarlier
}
export type EditorDraft = {
  readonly v: 3
  readonly renews: RegistrationId | null
  readonly givers: readonly Giver[]
  readonly how: Given['how'] | null
  readonly on: Day | null
  readonly lapsesOn: Day | null
  readonly restsFrom: Day | null
  readonly agreed: string
  readonly language: string
  readonly interpreter: string
  readonly information: string
  readonly witness: string
  readonly evidence: string
  readonly shown: ConsentDraft['shown']
  readonly counterparts: readonly Counterpart[]
  readonly until: Day | null
}

/**
 * Nothing that is decided is chosen beforehand: a consent names what the person said. What is filled in is what nearly all say and
 * what widens nothing: that it was given today, a verbal one for a week (domain.md § 4 rule 4), and in Swedish.
 */
export const emptyDraft = (today: CalendarDate): EditorDraft => ({
  v: 3,
  renews: null,
  givers: [],
  how: null,
  on: today.toString(),
  lapsesOn: today.add({ days: 7 }).toString(),
  restsFrom: null,
  agreed: '',
  language: 'Svenska',
  interpreter: '',
  information: '',
  witness: '',
  evidence: '',
  shown: 'here',
  counterparts: [],
  until: null,
})

/**
 * Direction, categories and purposes are for the person to decide. All whom an authority assigns is what consents say but for a few,
 * and its own assignments narrow it; of the past nothing is given unless it is chosen.
 */
export const newCounterpart = (authority: AuthorityId): Counterpart => ({
  authority,
  units: null,
  direction: null,
  categories: [],
  purposes: [],
  includesEarlier: 'none',
})

/** Reads a draft back; what is not of this version starts anew. */
export function readDraft(text: string): EditorDraft | null {
  try {
    const read = JSON.parse(text) as EditorDraft
    return read.v === 3 ? read : null
  } catch {
    return null
  }
}

const isBetween = (day: Day | null, first: CalendarDate, last: CalendarDate): boolean => {
  if (day === null) return false
  const parsed = parseDate(day)
  return parsed.compare(first) >= 0 && parsed.compare(last) <= 0
}

/** What has to be written in words. */
export type WordsField = 'agreed' | 'language' | 'information' | 'witness' | 'evidence'
export type Missing =
  | { readonly field: 'givers' | 'how' | 'on' | 'lapses' | 'authorities' | 'until' | WordsField }
  | { readonly field: 'direction' | 'categories' | 'purposes' | 'units'; readonly authority: AuthorityId }

const isWritten = (text: string): boolean => text.trim() !== ''

/** What has to be filled in before a step is left (domain.md § 4 rules 1 and 4: an end date always, no empty scope). */
export function missingIn(step: Step, draft: EditorDraft, today: CalendarDate): readonly Missing[] {
  const need = (isThere: boolean, missing: Missing) => (isThere ? [] : [missing])
  switch (step) {
    case 'given':
      return [
        ...need(draft.givers.length > 0, { field: 'givers' }),
        ...need(draft.how !== null, { field: 'how' }),
        ...need(isBetween(draft.on, today.subtract({ years: 1 }), today), { field: 'on' }),
        ...need(draft.how !== 'verbally-with-witness' || isBetween(draft.lapsesOn, today, today.add({ days: 30 })), {
          field: 'lapses',
        }),
        ...need(draft.how !== 'verbally-with-witness' || isWritten(draft.witness), { field: 'witness' }),
        ...need(isWritten(draft.agreed), { field: 'agreed' }),
        ...need(isWritten(draft.language), { field: 'language' }),
        ...need(isWritten(draft.information), { field: 'information' }),
        ...need(isWritten(draft.evidence), { field: 'evidence' }),
      ]
    case 'authorities':
      return need(draft.counterparts.length > 0, { field: 'authorities' })
    case 'scope':
      return draft.counterparts.flatMap(({ authority, direction, categories, purposes, units }) => [
        ...need(direction !== null, { field: 'direction', authority }),
        ...need(categories.length > 0, { field: 'categories', authority }),
        ...need(purposes.length > 0, { field: 'purposes', authority }),
        ...need(units === null || units.length > 0, { field: 'units', authority }),
      ])
    case 'time':
      return need(isBetween(draft.until, today, lastDayOf(today, 12)), { field: 'until' })
    case 'review':
      return []
  }
}

/** How long a consent may hold, to choose from: 12 months at most (domain.md § 4 rule 1). */
export const spans = [3, 6, 12] as const

/** The last day of so many months from today: the one before the same date. */
export const lastDayOf = (today: CalendarDate, months: (typeof spans)[number]): CalendarDate =>
  today.add({ months }).subtract({ days: 1 })

function givenOf(draft: EditorDraft): Given | null {
  switch (draft.how) {
    case 'verbally-with-witness':
      return draft.lapsesOn === null ? null : { how: draft.how, lapsesAt: endOfDay(parseDate(draft.lapsesOn)) }
    case 'in-custody':
      return { how: draft.how, restsFrom: draft.restsFrom === null ? null : startOfDay(parseDate(draft.restsFrom)) }
    case 'in-person-written':
    case 'e-identification':
      return { how: draft.how }
    case null:
      return null
  }
}

/** What the session is asked to sign; null while anything is missing. */
export function consentOf(draft: EditorDraft, today: CalendarDate): ConsentDraft | null {
  if (steps.some((step) => missingIn(step, draft, today).length > 0)) return null
  const given = givenOf(draft)
  if (given === null || draft.on === null || draft.until === null) return null
  return {
    givers: draft.givers,
    given,
    givenAt: startOfDay(parseDate(draft.on)),
    validUntil: endOfDay(parseDate(draft.until)),
    words: {
      agreed: draft.agreed.trim(),
      language: draft.language.trim(),
      interpreter: isWritten(draft.interpreter) ? draft.interpreter.trim() : null,
      information: draft.information.trim(),
      witness: draft.how === 'verbally-with-witness' ? draft.witness.trim() : null,
    },
    evidence: draft.evidence.trim(),
    shown: draft.shown,
    renews: draft.renews,
    flows: draft.counterparts.flatMap(({ authority, direction, ...terms }) =>
      direction === null ? [] : [{ counterpart: authority, direction, ...terms }],
    ),
  }
}
