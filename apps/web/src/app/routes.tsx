// Addresses and their pages. Paths are the users' words, apart from the paths of the interface; ids only, never content.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { id, isUuid } from '#libs/domain'
import type { CaseId, RegistrationId, ThreadId } from '#libs/domain'
import { CrashedPage, NotFoundPage } from './lost-pages.tsx'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: CrashedPage })

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/arenden', replace: true })
  },
})
const cases = createRoute({
  getParentRoute: () => root,
  path: '/arenden',
  component: lazyRouteComponent(() => import('../features/cases/cases-page.tsx'), 'CasesPage'),
})
const openCase = createRoute({
  getParentRoute: () => root,
  path: '/arenden/nytt',
  component: lazyRouteComponent(() => import('../features/cases/open-case-page.tsx'), 'OpenCasePage'),
})

/** What is no id at all is answered as one that nobody has: an address is typed, and a fault here would take the frame down too. */
const idOrNobodys = (text: string): string => (isUuid(text) ? text : '00000000-0000-0000-0000-000000000000')

const parseCase = ({ caseId }: { readonly caseId: string }) => ({ caseId: id<CaseId>(idOrNobodys(caseId)) })
const oneCase = createRoute({
  getParentRoute: () => root,
  path: '/arenden/$caseId',
  params: { parse: parseCase, stringify: ({ caseId }) => ({ caseId }) },
})
const casePage = createRoute({
  getParentRoute: () => oneCase,
  path: '/',
  component: lazyRouteComponent(() => import('./case-page.tsx'), 'CasePage'),
})
const assignments = createRoute({
  getParentRoute: () => oneCase,
  path: '/tilldelning',
  component: lazyRouteComponent(() => import('../features/cases/assignments-page.tsx'), 'AssignmentsPage'),
})
const log = createRoute({
  getParentRoute: () => oneCase,
  path: '/logg',
  component: lazyRouteComponent(() => import('../features/audit/log-page.tsx'), 'LogPage'),
})
const newConsent = createRoute({
  getParentRoute: () => oneCase,
  path: '/samtycken/nytt',
  // The registration that is asked for again; anything else in its place is left out.
  validateSearch: ({ fornya }: Record<string, unknown>): { readonly fornya?: RegistrationId } =>
    typeof fornya === 'string' && isUuid(fornya) ? { fornya: id<RegistrationId>(fornya) } : {},
  component: lazyRouteComponent(() => import('../features/consents/consent-editor-page.tsx'), 'ConsentEditorPage'),
})
const consentParams = {
  parse: ({ registrationId }: { readonly registrationId: string }) => ({
    registrationId: id<RegistrationId>(idOrNobodys(registrationId)),
  }),
  stringify: ({ registrationId }: { readonly registrationId: string }) => ({ registrationId }),
}
const consent = createRoute({
  getParentRoute: () => oneCase,
  path: '/samtycken/$registrationId',
  params: consentParams,
  component: lazyRouteComponent(() => import('../features/consents/consent-page.tsx'), 'ConsentPage'),
})
const narrow = createRoute({
  getParentRoute: () => oneCase,
  path: '/samtycken/$registrationId/begransa',
  params: consentParams,
  component: lazyRouteComponent(() => import('../features/consents/narrow-page.tsx'), 'NarrowPage'),
})
const newThread = createRoute({
  getParentRoute: () => oneCase,
  path: '/tradar/ny',
  component: lazyRouteComponent(() => import('../features/threads/new-thread-page.tsx'), 'NewThreadPage'),
})
const thread = createRoute({
  getParentRoute: () => oneCase,
  path: '/tradar/$threadId',
  params: {
    parse: ({ threadId }: { readonly threadId: string }) => ({ threadId: id<ThreadId>(idOrNobodys(threadId)) }),
    stringify: ({ threadId }: { readonly threadId: string }) => ({ threadId }),
  },
  component: lazyRouteComponent(() => import('../features/threads/thread-page.tsx'), 'ThreadPage'),
})
const custodian = createRoute({
  getParentRoute: () => root,
  path: '/nycklar',
  component: lazyRouteComponent(() => import('../features/keys/custodian-page.tsx'), 'CustodianPage'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/installningar',
  component: lazyRouteComponent(() => import('../features/sessions/settings-page.tsx'), 'SettingsPage'),
})

const tree = root.addChildren([
  start,
  cases,
  openCase,
  oneCase.addChildren([casePage, assignments, log, newConsent, consent, narrow, newThread, thread]),
  custodian,
  settings,
])

// Pages read through the session; a link that is only hovered must not leave a trace in the log.
export const router = createRouter({ routeTree: tree, defaultPreload: false })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
