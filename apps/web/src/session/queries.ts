// What is read through the session, one factory of keys per capability; live events invalidate by them.
import { infiniteQueryOptions, queryOptions, skipToken } from '@tanstack/react-query'
import type { CaseId, Category, Phase, Purpose, RegistrationId, ThreadId, UserId } from '#libs/domain'
import type { ConsentDraft, Narrowing, SlussSession } from '../crypto/facade.ts'

export const keys = {
  me: ['sessions', 'me'],
  directory: ['tenants', 'directory'],
  staff: ['tenants', 'staff'],
  key: ['keys', 'own'],
  pending: ['keys', 'pending'],
  ending: ['keys', 'ending'],
  allCases: ['cases'],
  caseList: (phase: Phase | null) => ['cases', 'list', phase],
  case: (id: CaseId) => ['cases', 'one', id],
  caseView: (id: CaseId) => ['cases', 'one', id, 'view'],
  consentWords: (id: CaseId, of: RegistrationId) => ['cases', 'one', id, 'words', of],
  preview: (id: CaseId, of: unknown) => ['cases', 'one', id, 'preview', of],
  threads: (id: CaseId) => ['cases', 'one', id, 'threads'],
  thread: (id: CaseId, thread: ThreadId) => ['cases', 'one', id, 'threads', thread],
  readers: (id: CaseId, category: Category | null, purpose: Purpose) => [
    'cases',
    'one',
    id,
    'readers',
    category,
    purpose,
  ],
  log: (id: CaseId, what: 'events' | 'all') => ['cases', 'one', id, 'log', what],
} as const

export const reads = {
  me: (session: SlussSession) => queryOptions({ queryKey: keys.me, queryFn: () => session.me(), staleTime: 60_000 }),
  directory: (session: SlussSession) =>
    queryOptions({ queryKey: keys.directory, queryFn: () => session.directory(), staleTime: 600_000 }),
  staff: (session: SlussSession) => queryOptions({ queryKey: keys.staff, queryFn: () => session.staff() }),
  key: (session: SlussSession) => queryOptions({ queryKey: keys.key, queryFn: () => session.keyStatus() }),
  pending: (session: SlussSession) =>
    queryOptions({ queryKey: keys.pending, queryFn: () => session.pendingKeys(), refetchInterval: 20_000 }),
  endingKeys: (session: SlussSession) => queryOptions({ queryKey: keys.ending, queryFn: () => session.endingKeys() }),
  cases: (session: SlussSession, phase: Phase | null) =>
    infiniteQueryOptions({
      queryKey: keys.caseList(phase),
      queryFn: ({ pageParam }) =>
        session.cases({ ...(phase === null ? {} : { phase }), ...(pageParam === null ? {} : { after: pageParam }) }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      // Whoever comes to the list looks for what has come since.
      staleTime: 0,
      // What others assign or share comes to a list that stands open; a hidden page asks for nothing.
      refetchInterval: 60_000,
    }),
  case: (session: SlussSession, id: CaseId) =>
    queryOptions({ queryKey: keys.caseView(id), queryFn: () => session.case(id) }),
  consentWords: (session: SlussSession, id: CaseId, registration: RegistrationId) =>
    queryOptions({
      queryKey: keys.consentWords(id, registration),
      queryFn: () => session.consentWords(id, registration),
      // Nothing can be confirmed before they are shown: an announcement that was missed must not hold it up.
      refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 5_000 : false),
    }),
  previewConsent: (session: SlussSession, id: CaseId, draft: ConsentDraft) =>
    queryOptions({ queryKey: keys.preview(id, draft), queryFn: () => session.previewConsent(id, draft), staleTime: 0 }),
  /** What the recipients lose by all of these together. */
  previewNarrowings: (
    session: SlussSession,
    id: CaseId,
    registration: RegistrationId,
    narrowings: readonly Narrowing[],
  ) =>
    queryOptions({
      queryKey: keys.preview(id, { registration, narrowings }),
      queryFn: async () => {
        const changes = await Promise.all(narrowings.map((one) => session.previewNarrowing(id, registration, one)))
        return changes.flatMap((change) => change.loses)
      },
      staleTime: 0,
    }),
  previewEnding: (session: SlussSession, id: CaseId, user: UserId) =>
    queryOptions({
      queryKey: keys.preview(id, { ending: user }),
      queryFn: () => session.previewEnding(id, user),
      staleTime: 0,
    }),
  threads: (session: SlussSession, id: CaseId) =>
    queryOptions({ queryKey: keys.threads(id), queryFn: () => session.threads(id) }),
  thread: (session: SlussSession, id: CaseId, thread: ThreadId) =>
    infiniteQueryOptions({
      queryKey: keys.thread(id, thread),
      queryFn: ({ pageParam }) =>
        pageParam === null ? session.messages(id, thread) : session.messages(id, thread, pageParam),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
  /** Nobody can be named before the category is chosen. */
  readers: (session: SlussSession, id: CaseId, category: Category | null, purpose: Purpose) =>
    queryOptions({
      queryKey: keys.readers(id, category, purpose),
      queryFn: category === null ? skipToken : () => session.readers(id, category, purpose),
      staleTime: 0,
    }),
  log: (session: SlussSession, id: CaseId, what: 'events' | 'all') =>
    infiniteQueryOptions({
      queryKey: keys.log(id, what),
      queryFn: ({ pageParam }) =>
        session.log(id, {
          ...(pageParam === null ? {} : { after: pageParam }),
          ...(what === 'events' ? { only: what } : {}),
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
    }),
}
