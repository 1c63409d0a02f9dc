// What stands between a visitor and the pages: signing in, making a key, waiting for its certification, unlocking.
import { useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, type ReactNode } from 'react'
import { never } from '#libs/domain'
import { Refusal, type KeyStatus, type Me } from '../crypto/facade.ts'
import { KeySetUpPage } from '../features/keys/key-set-up-page.tsx'
import { KeyWaitingPage } from '../features/keys/key-waiting-page.tsx'
import { UnlockPage } from '../features/keys/unlock-page.tsx'
import { SignInPage } from '../features/sessions/sign-in-page.tsx'
import { SignedOutPage } from '../features/sessions/signed-out-page.tsx'
import { useText } from '../i18n/index.tsx'
import { useHear, useLive } from '../session/live.tsx'
import { LockProvider, useIsUsed } from '../session/lock.tsx'
import { reads } from '../session/queries.ts'
import { useSession } from '../session/session.tsx'
import { States } from '../ui/states.tsx'
import { focusHeading } from './focus.ts'
import { Frame, Menu, Printed, SessionNotices, Who } from './frame.tsx'

const isSignedOut = (error: Error | null) => error instanceof Refusal && error.status === 401

/** Once a session has ended nothing of it is shown, whatever page stands open; going on takes a page that is loaded anew. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { sessionEnded } = useLive()
  if (sessionEnded === null) return <Door>{children}</Door>
  return (
    <Frame>
      <SignedOutPage why={sessionEnded} />
    </Frame>
  )
}

function Door({ children }: { readonly children: ReactNode }) {
  const { t } = useText()
  const session = useSession()
  const me = useQuery(reads.me(session))
  if (isSignedOut(me.error)) {
    return (
      <Frame>
        <SignInPage />
      </Frame>
    )
  }
  if (me.data === undefined) {
    return (
      <Frame>
        <States texts={t.sessions.settings.states} read={me} isEmpty={() => false}>
          {() => null}
        </States>
      </Frame>
    )
  }
  return <SignedIn me={me.data}>{children}</SignedIn>
}

function SignedIn({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const { t } = useText()
  const session = useSession()
  const isUsed = useIsUsed(me.idleMinutes)
  const key = useQuery({
    ...reads.key(session),
    refetchInterval: (query) => (isUsed && query.state.data?.state === 'pending' ? 5_000 : false),
  })
  const state = key.data?.state
  const isReady = state === 'ready'
  useHear(isReady)
  // The server takes what is asked for use: a page that is locked, or that nobody uses, must let the session end.
  useQuery({ ...reads.me(session), refetchInterval: isReady ? 300_000 : false })
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // Settings need no key: one can sign out everywhere also with the passphrase lost.
  const isOpen = isReady || path === '/installningar'

  const before = useRef(state)
  useEffect(() => {
    if (before.current !== undefined && before.current !== state) focusHeading()
    before.current = state
  }, [state])

  return (
    <LockProvider idleMinutes={me.idleMinutes} isUnlocked={isReady}>
      <Frame menu={isReady ? <Menu me={me} /> : <Who me={me} />}>
        <SessionNotices />
        {isOpen ? (
          <>
            {children}
            <Printed me={me} />
          </>
        ) : (
          <States texts={t.sessions.settings.states} read={key} isEmpty={() => false}>
            {(status) => <Threshold me={me} status={status} />}
          </States>
        )}
      </Frame>
    </LockProvider>
  )
}

function Threshold({ me, status }: { readonly me: Me; readonly status: KeyStatus }) {
  switch (status.state) {
    case 'none':
    case 'ended':
      return <KeySetUpPage former={status.state === 'ended' ? 'ended' : 'none'} />
    case 'pending':
      return <KeyWaitingPage words={status.words ?? []} />
    case 'locked':
      return <UnlockPage me={me} />
    case 'ready':
      return null
    default:
      return never(status.state)
  }
}
