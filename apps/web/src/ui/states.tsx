// The six states of a page: loading, empty, ready, failed, not permitted, locked. `ready` alone is the page's own.
import { Button } from '@midas-ds/components/button'
import { Spinner } from '@midas-ds/components/spinner'
import { CircleSlash, Inbox, Lock, OctagonAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Refusal } from '../crypto/facade.ts'
import { useText } from '../i18n/index.tsx'
import type { PageTexts } from '../i18n/page-states.ts'
import { problemText } from '../session/problem-text.ts'

type Read<T> = {
  readonly data: T | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
}
type Props<T> = {
  readonly texts: PageTexts
  readonly read: Read<T>
  readonly isEmpty: (data: T) => boolean
  /** What to press when there is nothing yet. */
  readonly first?: ReactNode
  /** Of its heading: 3 where a section of the page has one of its own. */
  readonly level?: 2 | 3
  readonly children: (data: T) => ReactNode
}

const isLocked = (error: Error) => error instanceof Refusal && error.name === 'locked'
const isNotPermitted = (error: Error) => error instanceof Refusal && (error.status === 403 || error.status === 404)

export function States<T>({ texts, read, isEmpty, first, level = 2, children }: Props<T>) {
  const { t } = useText()
  const { data, error } = read
  // A refusal outranks what was read before: nothing that has lapsed stays on the screen.
  if (error !== null && isLocked(error))
    return <State level={level} name="locked" icon={<Lock aria-hidden />} heading={texts.locked} />
  if (error !== null && isNotPermitted(error)) {
    const { what } = problemText(t, error)
    return (
      <State
        level={level}
        name="notPermitted"
        icon={<CircleSlash aria-hidden />}
        heading={what}
        text={texts.notPermitted}
      />
    )
  }
  if (error !== null && data === undefined) {
    const { what, next } = problemText(t, error)
    return (
      <State
        level={level}
        name="failed"
        icon={<OctagonAlert aria-hidden />}
        heading={texts.failed}
        text={`${what} ${next}`}
      >
        <Button variant="secondary" onPress={() => void read.refetch()}>
          {t.shell.retry}
        </Button>
      </State>
    )
  }
  if (data === undefined) {
    return (
      <div className="state" data-state="loading" role="status">
        <Spinner small />
        <p>{texts.loading}</p>
      </div>
    )
  }
  if (isEmpty(data)) {
    return (
      <State
        level={level}
        name="empty"
        icon={<Inbox aria-hidden />}
        heading={texts.empty.heading}
        text={texts.empty.next}
      >
        {first}
      </State>
    )
  }
  return <>{children(data)}</>
}

type StateProps = {
  readonly name: 'empty' | 'failed' | 'notPermitted' | 'locked'
  readonly icon: ReactNode
  readonly heading: string
  readonly text?: string
  readonly level?: 2 | 3
  readonly children?: ReactNode
}

/** One state that is not `ready`; announced, since it replaces what was waited for. */
export function State({ name, icon, heading, text, level = 2, children }: StateProps) {
  const Heading = `h${level}` as const
  return (
    <div className="state" data-state={name}>
      {icon}
      <div role="status">
        <Heading>{heading}</Heading>
        {text !== undefined && <p>{text}</p>}
      </div>
      {children}
    </div>
  )
}
