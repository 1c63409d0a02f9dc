// The heading of a page inside a case, and under it which case that is: on the screen and on paper, and its number in the tab.
import { useQuery } from '@tanstack/react-query'
import type { CaseId } from '#libs/domain'
import { reads } from '../session/queries.ts'
import { useSession } from '../session/session.tsx'
import { PageHeading } from './page-heading.tsx'

type Props = { readonly caseId: CaseId; readonly children: string; readonly tab: string }

export function CaseHeading({ caseId, children, tab }: Props) {
  const view = useQuery(reads.case(useSession(), caseId))
  // Those who review logs are told no number: the case is not theirs to read.
  const summary = view.error === null ? view.data?.summary : undefined
  return (
    <>
      <PageHeading tab={summary === undefined ? tab : `${tab}, ${summary.number}`}>{children}</PageHeading>
      {summary !== undefined && (
        <p className="quiet under-heading">
          {summary.title !== null && <>{summary.title} · </>}
          <span className="number">{summary.number}</span>
        </p>
      )}
    </>
  )
}
