// Choosing one's organisation; signing in itself happens there.
import { SearchField } from '@midas-ds/components/search-field'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TenantKind } from '#libs/domain'
import { tenantKinds } from '#libs/domain'
import { useText } from '../../i18n/index.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { States } from '../../ui/states.tsx'
import { fetchTenants, type Tenant } from './tenants.ts'

// Read when the page is loaded: the first redirect of the router drops what the server wrote behind the address.
const hasFailed = new URLSearchParams(window.location.search).has('sign-in-failed')

export function SignInPage() {
  const { t } = useText()
  const texts = t.sessions.signIn
  const tenants = useQuery({ queryKey: ['sessions', 'tenants'], queryFn: fetchTenants, staleTime: 600_000 })
  return (
    <div className="narrow stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <p className="lead">{texts.what}</p>
      {hasFailed && (
        <Notice tone="warning" live="alert">
          {texts.failed}
        </Notice>
      )}
      <States texts={texts.states} read={tenants} isEmpty={(all) => all.length === 0}>
        {(all) => <Choice tenants={all} />}
      </States>
    </div>
  )
}

function Choice({ tenants }: { readonly tenants: readonly Tenant[] }) {
  const { t } = useText()
  const texts = t.sessions.signIn
  const [word, setWord] = useState('')
  const found = tenants.filter((one) => one.name.toLocaleLowerCase('sv').includes(word.trim().toLocaleLowerCase('sv')))
  return (
    <>
      <h2>{texts.choose}</h2>
      <p>{texts.elsewhere}</p>
      {tenants.length > 8 && (
        <SearchField
          label={texts.find}
          placeholder={texts.findHint}
          showButton={false}
          value={word}
          onChange={setWord}
        />
      )}
      <p role="status" className="quiet">
        {found.length === 0 ? texts.none : texts.count(found.length)}
      </p>
      <div>
        {tenantKinds.map((kind) => (
          <Kind key={kind} kind={kind} tenants={found.filter((one) => one.kind === kind)} />
        ))}
      </div>
    </>
  )
}

function Kind({ kind, tenants }: { readonly kind: TenantKind; readonly tenants: readonly Tenant[] }) {
  const { t } = useText()
  if (tenants.length === 0) return null
  return (
    <section className="tenant-kind">
      <h3>{t.domain.tenantKinds[kind]}</h3>
      <ul className="choices">
        {tenants.map((one) => (
          <li key={one.id}>
            {/* A plain link: the answer is a redirect to the organisation's own sign-in. */}
            <a href={`/auth/login?tenant=${encodeURIComponent(one.id)}`}>{one.name}</a>
          </li>
        ))}
      </ul>
    </section>
  )
}
