// Waiting for a custodian: the words to read out to her by telephone.
import { Button } from '@midas-ds/components/button'
import { useQuery } from '@tanstack/react-query'
import { useText } from '../../i18n/index.tsx'
import { reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { PageHeading } from '../../ui/page-heading.tsx'
import { Words } from '../../ui/words.tsx'

export function KeyWaitingPage({ words }: { readonly words: readonly string[] }) {
  const { t } = useText()
  const texts = t.keys.waiting
  const key = useQuery(reads.key(useSession()))
  return (
    <div className="narrow stack">
      <PageHeading tab={texts.heading}>{texts.heading}</PageHeading>
      <p className="lead">{texts.why}</p>
      <h2>{texts.words}</h2>
      <Words words={words} label={t.keys.wordsLabel} />
      <p>{texts.then}</p>
      <Button variant="secondary" onPress={() => void key.refetch()}>
        {texts.check}
      </Button>
      <p role="status">{key.isFetchedAfterMount && !key.isFetching ? texts.still : ''}</p>
    </div>
  )
}
