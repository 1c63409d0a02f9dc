// One's account, the look of the page, one's key's words, signing out here or everywhere.
import { Button } from '@midas-ds/components/button'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { applyScheme, storedScheme, type Scheme } from '../../app/scheme.ts'
import type { Me } from '../../crypto/facade.ts'
import { useText, type Language } from '../../i18n/index.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { States } from '../../ui/states.tsx'
import { Words } from '../../ui/words.tsx'

export function SettingsPage() {
  const { t } = useText()
  const texts = t.sessions.settings
  const me = useQuery(reads.me(useSession()))
  return (
    <div className="narrow stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <States texts={texts.states} read={me} isEmpty={() => false}>
        {(known) => (
          <>
            <Account me={known} />
            <Look />
            <Key />
            <Leave me={known} />
          </>
        )}
      </States>
    </div>
  )
}

function Account({ me }: { readonly me: Me }) {
  const { t, format } = useText()
  const texts = t.sessions.settings
  return (
    <section aria-labelledby="account">
      <h2 id="account">{texts.who}</h2>
      <dl className="facts">
        <dt>{texts.name}</dt>
        <dd>
          {me.name}, {me.title}
        </dd>
        <dt>{texts.organisation}</dt>
        <dd>{me.tenant.name}</dd>
        <dt>{texts.authority}</dt>
        <dd>{me.authority.name}</dd>
        <dt>{texts.units}</dt>
        <dd>{format.list(me.units.map((unit) => unit.name))}</dd>
        <dt>{texts.roles}</dt>
        <dd>{me.roles.length === 0 ? texts.noRoles : format.list(me.roles.map((role) => t.domain.roles[role]))}</dd>
        <dt>{texts.endsAt}</dt>
        <dd>{format.dateTime(me.endsAt)}</dd>
      </dl>
    </section>
  )
}

function Look() {
  const { t, language, choose } = useText()
  const texts = t.sessions.settings
  const [scheme, setScheme] = useState<Scheme>(storedScheme)
  return (
    <section aria-labelledby="look">
      <h2 id="look">{texts.look}</h2>
      <div className="stack">
        <RadioGroup label={texts.language} value={language} onChange={(value) => choose(value as Language)}>
          <Radio value="sv">{texts.swedish}</Radio>
          <Radio value="en">{texts.english}</Radio>
        </RadioGroup>
        <RadioGroup
          label={texts.scheme}
          value={scheme}
          onChange={(value) => {
            setScheme(value as Scheme)
            applyScheme(value as Scheme)
          }}
        >
          <Radio value="system">{texts.schemeSystem}</Radio>
          <Radio value="light">{texts.schemeLight}</Radio>
          <Radio value="dark">{texts.schemeDark}</Radio>
        </RadioGroup>
      </div>
    </section>
  )
}

function Key() {
  const { t, format } = useText()
  const texts = t.sessions.settings
  const { data } = useQuery(reads.key(useSession()))
  if (data === undefined || data.words === null) return null
  return (
    <section aria-labelledby="own-key">
      <h2 id="own-key">{texts.key}</h2>
      <p>{texts.keyWordsWhy}</p>
      <Words words={data.words} label={texts.keyWords} />
      {data.validUntil !== null && <p>{t.keys.renewal.own(format.lastDay(data.validUntil))}</p>}
    </section>
  )
}

function Leave({ me }: { readonly me: Me }) {
  const { t } = useText()
  const texts = t.sessions.settings
  const session = useSession()
  const leave = useMutation({
    mutationFn: (where: 'here' | 'everywhere') => session.signOut(where),
    // A fresh page: nothing of the session is left in memory.
    onSuccess: () => window.location.replace('/'),
  })
  return (
    <section aria-labelledby="leave">
      <h2 id="leave">{texts.leave}</h2>
      <p>{texts.idle(me.idleMinutes)}</p>
      <p>{texts.leaveWhy}</p>
      <Problem error={leave.error} />
      <div className="buttons">
        <Button isDisabled={leave.isPending} onPress={() => leave.mutate('here')}>
          {texts.leaveHere}
        </Button>
        <Button variant="secondary" isDisabled={leave.isPending} onPress={() => leave.mutate('everywhere')}>
          {texts.leaveEverywhere}
        </Button>
      </div>
    </section>
  )
}
