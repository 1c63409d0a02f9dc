// Header and main of a page; the menu only for those who are signed in.
import { Button } from '@midas-ds/components/button'
import { Link, useParams } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import type { Me } from '../crypto/facade.ts'
import { useText } from '../i18n/index.tsx'
import { useLive } from '../session/live.tsx'
import { useLock } from '../session/lock.tsx'
import { useMay } from '../session/may.ts'
import { useTold } from '../session/told.tsx'
import { Notice } from '../ui/notice.tsx'
import { CaseNews } from './case-news.tsx'

export function Frame({ children, menu }: { readonly children: ReactNode; readonly menu?: ReactNode }) {
  const { t } = useText()
  return (
    <>
      <header className="header">
        <div className="header-inner">
          <Link to="/" className="wordmark">
            <img src="/icon.svg" alt="" width={28} height={28} />
            {t.shell.product}
          </Link>
          {menu}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

export function Menu({ me }: { readonly me: Me }) {
  const { t } = useText()
  const { lock } = useLock()
  const may = useMay()
  const isCustodian = may('key.list-pending', {
    about: 'person',
    user: me.user,
    tenant: me.tenant.id,
    authority: me.authority.id,
  })
  return (
    <>
      <nav aria-label={t.shell.navigation} className="menu">
        <Link to="/arenden" activeOptions={{ exact: false }}>
          {t.shell.cases}
        </Link>
        {isCustodian && <Link to="/nycklar">{t.shell.keys}</Link>}
        <Link to="/installningar">{t.shell.settings}</Link>
      </nav>
      <Who me={me} />
      <Button variant="secondary" size="medium" icon={Lock} onPress={lock} className="lock-button">
        {t.shell.lock}
      </Button>
    </>
  )
}

export function Who({ me }: { readonly me: Me }) {
  return (
    <p className="who">
      <strong>{me.name}</strong>
      <span>{me.authority.name === me.tenant.name ? me.tenant.name : `${me.authority.name}, ${me.tenant.name}`}</span>
    </p>
  )
}

/** On paper: who printed it and when, since paper has no lock. */
export function Printed({ me }: { readonly me: Me }) {
  const { t, format } = useText()
  const [at, setAt] = useState(() => new Date().toISOString())
  useEffect(() => {
    const now = () => flushSync(() => setAt(new Date().toISOString()))
    window.addEventListener('beforeprint', now)
    return () => window.removeEventListener('beforeprint', now)
  }, [])
  return <p className="only-printed">{t.shell.printed(me.name, format.dateTime(at))}</p>
}

/** What the session has to say above any page: it locks soon, the contact is lost, something has ended or was just done. */
export function SessionNotices() {
  const { t } = useText()
  const { locksIn, stay } = useLock()
  const { connection, refused, dismissRefused } = useLive()
  const told = useTold()
  const { caseId } = useParams({ strict: false })
  return (
    <div className="session-notices">
      {locksIn !== null && (
        <Notice tone="important">
          {/* Announced once: the seconds themselves would be read out each second. */}
          <p aria-hidden>{t.shell.idleSoon(locksIn)}</p>
          <p role="alert" className="only-heard">
            {t.shell.idleSoon(60)}
          </p>
          <Button variant="secondary" size="medium" onPress={stay}>
            {t.shell.idleStay}
          </Button>
        </Notice>
      )}
      {/* Focus comes here when what had it is gone (keepFocus). */}
      <div role="status" id="notices" tabIndex={-1}>
        {connection === 'disconnected' && <Notice tone="important">{t.shell.disconnected}</Notice>}
        {told !== '' && <Notice tone="success">{told}</Notice>}
        {refused !== null && (
          <Notice tone="info">
            <p>{t.shell.upkeepRefused}</p>
            <p className="quiet">{t.problems.refusedWord(refused)}</p>
            <Button variant="secondary" size="medium" onPress={dismissRefused}>
              {t.shell.dismiss}
            </Button>
          </Notice>
        )}
        {caseId !== undefined && <CaseNews key={caseId} caseId={caseId} />}
      </div>
    </div>
  )
}
