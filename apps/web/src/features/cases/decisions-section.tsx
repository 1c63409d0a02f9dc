// Decisions of a colleague whose key has ended, to be kept or voided: first on the case's page, one click each or all at once.
import { Button } from '@midas-ds/components/button'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CaseView, DecisionView, Me } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { caseFacts, useMay } from '../../session/may.ts'
import { useNames, usePeople } from '../../session/names.ts'
import { keys } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'

type Props = { readonly view: CaseView; readonly me: Me }
type Settling = { readonly decisions: readonly DecisionView[]; readonly how: 'uphold' | 'void' }

export function DecisionsSection({ view, me }: Props) {
  const { t } = useText()
  const texts = t.cases.decisions
  const may = useMay()
  const name = usePeople(view.people)
  if (view.decisions.length === 0) return null
  const mine = view.decisions.filter((one) => one.mine)
  // The signer, and one whom a decision benefits, are told that somebody else goes through it.
  if (mine.length === 0 || !may('decision.settle', caseFacts(view, me)))
    return <Notice tone="important">{texts.othersGoThrough}</Notice>
  const signers = [...new Set(mine.map((one) => one.by))]
  return signers.map((by) => (
    <OfSigner key={by} view={view} heading={texts.heading(name(by))} decisions={mine.filter((one) => one.by === by)} />
  ))
}

function useSettle(view: CaseView) {
  const { t } = useText()
  const texts = t.cases.decisions
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  return useMutation({
    mutationFn: ({ decisions, how }: Settling) =>
      session.settle(
        view.summary.id,
        decisions.map((one) => one.id),
        how,
      ),
    onSuccess: (_, { decisions, how }) => {
      tell(how === 'uphold' ? texts.kept(decisions.length) : texts.voided)
      void client.invalidateQueries({ queryKey: keys.allCases })
    },
  })
}

type ListProps = {
  readonly view: CaseView
  readonly heading: string
  readonly decisions: readonly DecisionView[]
}

function OfSigner({ view, heading, decisions }: ListProps) {
  const { t } = useText()
  const texts = t.cases.decisions
  const settle = useSettle(view)
  const id = `decisions-${decisions[0]?.by ?? ''}`
  return (
    <section aria-labelledby={id} className="card stack">
      <h2 id={id}>{heading}</h2>
      <p>{texts.why}</p>
      <Problem error={settle.error} />
      <ul className="rows">
        {decisions.map((one) => (
          <Row key={one.id} view={view} decision={one} settle={settle} />
        ))}
      </ul>
      {decisions.length > 1 && (
        <Button isDisabled={settle.isPending} onPress={() => settle.mutate({ decisions, how: 'uphold' })}>
          {settle.isPending ? t.shell.working : texts.keepAll}
        </Button>
      )}
    </section>
  )
}

type RowProps = {
  readonly view: CaseView
  readonly decision: DecisionView
  readonly settle: ReturnType<typeof useSettle>
}

function Row({ view, decision, settle }: RowProps) {
  const { t, format } = useText()
  const texts = t.cases.decisions
  const [isAsking, setAsking] = useState(false)
  const what = useWhat(view, decision)
  return (
    <li>
      <div>
        <strong>{what}</strong>
        <span className="quiet">
          {texts.made(format.date(decision.at))}, {texts.until(format.lastDay(decision.until))}
        </span>
      </div>
      <div className="buttons">
        <Button
          size="medium"
          aria-label={`${texts.keep}: ${what}`}
          isDisabled={settle.isPending}
          onPress={() => settle.mutate({ decisions: [decision], how: 'uphold' })}
        >
          {texts.keep}
        </Button>
        <Button
          variant="secondary"
          size="medium"
          aria-label={`${texts.void}: ${what}`}
          isDisabled={settle.isPending}
          onPress={() => setAsking(true)}
        >
          {texts.void}
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        heading={texts.voidHeading}
        submit={texts.void}
        isPending={settle.isPending}
        error={settle.error}
        onSubmit={() => settle.mutate({ decisions: [decision], how: 'void' }, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <p>{what}</p>
        <p>{decision.kind === 'assignment' ? texts.voidAssignment : texts.voidConsent}</p>
      </ConfirmDialog>
    </li>
  )
}

/** The decision in a sentence. */
function useWhat(view: CaseView, decision: DecisionView): string {
  const { t, format } = useText()
  const texts = t.cases.decisions
  const names = useNames()
  const name = usePeople(view.people)
  const categories = format.terms(decision.categories.map((category) => t.domain.categories[category]))
  if (decision.user !== null) return texts.assignment(name(decision.user), categories)
  const others = new Set(decision.flows.flatMap((flow) => [flow.source, flow.recipient]))
  const parties = format.list([...others].filter((one) => view.parties[0] !== one).map(names.authority))
  const kind = decision.kind === 'assignment' ? 'confirmation' : decision.kind
  return texts[kind](parties, categories)
}
