// What a case page begins with: warnings, phase, owner, parties, working title, control words.
import { Button } from '@midas-ds/components/button'
import { TextField } from '@midas-ds/components/textfield'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { CaseView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { caseFacts, useMay } from '../../session/may.ts'
import { useNames, usePeople } from '../../session/names.ts'
import { keys } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ButtonLink } from '../../ui/button-link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { Words } from '../../ui/words.tsx'
import { PhaseLine } from './phase-line.tsx'

type Props = { readonly view: CaseView; readonly me: Me }

/** What stands above everything else: what is missing, or why there is so little to see. */
export function CaseNotices({ view }: { readonly view: CaseView }) {
  const { t, format } = useText()
  const texts = t.cases.page
  const { relation } = view.summary
  // Where nobody is assigned yet, nobody is the only reader.
  // Decisions to go through have a section of their own on this page.
  const warnings = view.warnings.filter(
    (warning) => warning !== 'uphold-needed' && (relation === 'assigned' || warning !== 'one-reader'),
  )
  const name = usePeople(view.people)
  return (
    <>
      {relation === 'former' && (
        <Notice tone="important">
          <strong>{texts.formerHeading}.</strong> {texts.former}
        </Notice>
      )}
      {relation === 'receiver' && (
        <Notice tone="info">
          <p>
            <strong>{texts.receiverHeading}.</strong> {texts.receiver}
          </p>
          <ButtonLink look="primary" to="/arenden/$caseId/tilldelning" params={{ caseId: view.summary.id }}>
            {t.cases.assignments.headingPage}
          </ButtonLink>
        </Notice>
      )}
      {view.keysFrom !== null && (
        <Notice tone="info">
          {view.keysFrom.length === 0 ? texts.keysFromNobody : texts.keysFrom(format.list(view.keysFrom.map(name)))}
        </Notice>
      )}
      {warnings.map((warning) => (
        <Notice key={warning} tone={alarms.includes(warning) ? 'warning' : 'info'}>
          {texts.warnings[warning]}
        </Notice>
      ))}
    </>
  )
}

/** What may mean that somebody acts who should not. */
const alarms: CaseView['warnings'] = ['history-differs', 'custodians-replaced']

export function CaseSummaryFacts({ view, me }: Props) {
  const { t, format } = useText()
  const texts = t.cases.page
  const names = useNames()
  const { summary } = view
  const isMine = (authority: string) => authority === me.authority.id
  const others = view.parties.filter((party) => !isMine(party))
  return (
    <div className="stack">
      <PhaseLine phase={summary.phase} />
      <dl className="facts">
        <dt>{texts.owner}</dt>
        <dd>
          {names.authority(summary.owner.authority)}, {names.unit(summary.owner.unit)}
        </dd>
        <dt>{texts.openedAt}</dt>
        <dd>{format.date(summary.openedAt)}</dd>
        <dt>{texts.parties}</dt>
        <dd>
          <ul className="plain">
            {[me.authority.id, ...others].map((party) => (
              <li key={party}>
                {names.authority(party)} {isMine(party) && <StatusTag tone="plain">{texts.mine}</StatusTag>}
              </li>
            ))}
          </ul>
          {others.length === 0 && <p className="quiet">{texts.alone}</p>}
        </dd>
      </dl>
      <WorkingTitle view={view} me={me} />
    </div>
  )
}

function WorkingTitle({ view, me }: Props) {
  const { t } = useText()
  const texts = t.cases.page
  const session = useSession()
  const client = useQueryClient()
  const may = useMay()
  const tell = useTell()
  const [isOpen, setOpen] = useState(false)
  const [title, setTitle] = useState(view.summary.title ?? '')
  const retitle = useMutation({
    mutationFn: (text: string) => session.retitle(view.summary.id, text),
    onSuccess: () => {
      setOpen(false)
      tell(texts.retitled)
      void client.invalidateQueries({ queryKey: keys.allCases })
    },
  })
  if (!may('case.title', caseFacts(view, me))) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!retitle.isPending) retitle.mutate(title.trim())
  }
  return (
    <>
      {!isOpen && (
        <Button variant="tertiary" size="medium" onPress={() => setOpen(true)}>
          {texts.retitle}
        </Button>
      )}
      {isOpen && (
        <form onSubmit={submit} noValidate className="stack narrow">
          <Problem error={retitle.error} />
          <TextField
            label={t.cases.open.title}
            description={t.cases.open.titleHint}
            value={title}
            onChange={setTitle}
            maxLength={120}
            autoComplete="off"
            autoFocus
          />
          <div className="buttons">
            <Button type="submit" isDisabled={retitle.isPending}>
              {texts.retitleSave}
            </Button>
            <Button variant="secondary" onPress={() => setOpen(false)}>
              {t.shell.cancel}
            </Button>
          </div>
        </form>
      )}
    </>
  )
}

export function ControlWords({ words }: { readonly words: readonly string[] }) {
  const { t } = useText()
  if (words.length === 0) return null
  return (
    <details>
      <summary>{t.cases.page.words}</summary>
      <p>{t.cases.page.wordsWhy}</p>
      <Words words={words} label={t.cases.page.words} />
    </details>
  )
}
