// The frame around every page: skip link, emergency numbers, header, main, notices about the session.
import { Outlet, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useText } from '../i18n/index.tsx'
import { Live } from '../session/live.tsx'
import { ToldProvider } from '../session/told.tsx'
import { Emergency } from '../ui/emergency.tsx'
import { focusHeading, keepFocus } from './focus.ts'
import { Gate } from './gate.tsx'

export function Shell() {
  const { t } = useText()
  const router = useRouter()

  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (fromLocation !== undefined && pathChanged) focusHeading()
      }),
    [router],
  )

  useEffect(keepFocus, [])

  return (
    <>
      <a className="skip-link" href="#content">
        {t.shell.skip}
      </a>
      <Emergency />
      <Live>
        <ToldProvider>
          <Gate>
            <Outlet />
          </Gate>
        </ToldProvider>
      </Live>
    </>
  )
}
