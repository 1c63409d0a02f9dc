// The information categories and purposes that a consent names (domain.md § 3). Closed lists; the database checks against them.

export const categories = [
  'identity',
  'contact',
  'place_of_stay',
  'threat',
  'crime_milieu',
  'health',
  'economy',
  'family',
  'enforcement',
  'plan',
  'measures',
  'follow_up',
] as const
export type Category = (typeof categories)[number]

export const purposes = ['casework', 'follow_up', 'funding', 'statistics'] as const
export type Purpose = (typeof purposes)[number]

export const includesEarlierValues = ['none', 'shared-before', 'all'] as const
/** What of the past a grant opens (domain.md § 4 rule 6). */
export type IncludesEarlier = (typeof includesEarlierValues)[number]
