// The words of a consent and where its paper is, with what the check against the signed statement came to.
import { useQuery } from '@tanstack/react-query'
import type { CaseId } from '#libs/domain'
import type { ConsentText, ConsentView, ConsentWords as Words } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'

type Props = { readonly caseId: CaseId; readonly consent: ConsentView }

export function ConsentWords({ caseId, consent }: Props) {
  const { t } = useText()
  const texts = t.consents.words
  const read = useQuery(reads.consentWords(useSession(), caseId, consent.registration))
  return (
    <section aria-labelledby="words" className="stack-tight">
      <h2 id="words">{texts.heading}</h2>
      {read.error !== null && <Problem error={read.error} />}
      {read.error === null && read.data === undefined && <p role="status">{texts.loading}</p>}
      {read.data !== undefined && <Told words={read.data} isNowhereElse={consent.givers === null} />}
    </section>
  )
}

function Told({ words, isNowhereElse }: { readonly words: Words; readonly isNowhereElse: boolean }) {
  const { t, format } = useText()
  const { words: texts, list } = t.consents
  if (!('text' in words))
    return <Notice tone={words.state === 'outside' ? 'important' : 'info'}>{texts[words.state]}</Notice>
  return (
    <>
      {words.state === 'differs' ? (
        <Notice tone="warning" live="alert">
          {texts.differs}
        </Notice>
      ) : (
        <Notice tone="success">{texts.checked}</Notice>
      )}
      <dl className="facts">
        {/* Where the consent's own facts name neither, as they do not to one who is to confirm. */}
        {isNowhereElse && (
          <>
            <dt>{list.givenBy}</dt>
            <dd>{format.list(words.text.givers.map((giver) => list.givers[giver]))}</dd>
            <dt>{list.when}</dt>
            <dd>{format.date(words.text.givenAt)}</dd>
          </>
        )}
        <WordFacts words={words} />
      </dl>
    </>
  )
}

/** Terms and what was written of each, for a list of facts. */
export function WordFacts({
  words,
}: {
  readonly words: { readonly text: ConsentText; readonly evidence: string | null }
}) {
  const { t } = useText()
  const texts = t.consents.words
  const { agreed, language, interpreter, information, witness } = words.text
  return (
    <>
      <dt>{texts.agreed}</dt>
      <dd>{agreed}</dd>
      <dt>{texts.language}</dt>
      <dd>{language}</dd>
      {interpreter !== null && (
        <>
          <dt>{texts.interpreter}</dt>
          <dd>{interpreter}</dd>
        </>
      )}
      <dt>{texts.information}</dt>
      <dd>{information}</dd>
      {witness !== null && (
        <>
          <dt>{texts.witness}</dt>
          <dd>{witness}</dd>
        </>
      )}
      <dt>{texts.evidence}</dt>
      <dd>{words.evidence ?? texts.none}</dd>
    </>
  )
}
