// The phases of a case (domain.md § 8). Transitions and their preconditions belong to the process.

export const phases = [
  'contact',
  'intake',
  'initial_consultation',
  'assessment',
  'measures',
  'follow_up',
  'closed',
] as const
export type Phase = (typeof phases)[number]
