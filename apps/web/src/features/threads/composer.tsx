// Writing a message: its category decides who reads, and they are named before it is sent.
import { Button } from '@midas-ds/components/button'
import { ListBoxItem } from '@midas-ds/components/list-box'
import { Select } from '@midas-ds/components/select'
import { TextArea, TextField } from '@midas-ds/components/textfield'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { Category, Purpose, ThreadId } from '#libs/domain'
import { purposes } from '#libs/domain'
import type { CaseView, Me, Readers } from '../../crypto/facade.ts'
import { Refusal } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useDraft, type Draft } from '../../session/draft.ts'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { ErrorSummary, errorOf, type FieldError } from '../../ui/error-summary.tsx'
import { Problem } from '../../ui/problem.tsx'
import { ReaderList, ReadersHeard } from './reader-list.tsx'
import { hasWords, readUnsent, writeUnsent, type Unsent } from './unsent.ts'

type Props = {
  readonly view: CaseView
  readonly me: Me
  /** Null: the message begins a thread, and has a heading and a purpose of its own. `category`: what the thread began with. */
  readonly thread: { readonly id: ThreadId; readonly purpose: Purpose; readonly category: Category | null } | null
  readonly onSent: (thread: ThreadId) => void
}

const readersChanged = (error: unknown): boolean =>
  error instanceof Refusal &&
  [error.name, error.reason].some((word) => word === 'readers-grew' || word === 'seals-differ')

export function Composer({ view, me, thread, onSent }: Props) {
  const { t } = useText()
  const texts = t.threads.composer
  const caseId = view.summary.id
  const draft = useDraft(`${me.user}/${caseId}/${thread?.id ?? 'new'}`)
  const unsent = readUnsent(draft.text)
  const [attempt, setAttempt] = useState(0)
  // What she wrote last here; nothing that others write changes it under her hands.
  const [last, setLast] = useState<Category | null>(null)
  const [first, ...others] = view.mayWrite
  // The category decides who reads: in a new thread it is chosen, never guessed, unless there is but one.
  const only = others.length === 0 ? first : undefined
  const category =
    [unsent.category, last, thread?.category, only].find((one) => one != null && view.mayWrite.includes(one)) ?? null
  const purpose = thread?.purpose ?? unsent.purpose ?? 'casework'
  if (first === undefined) return <p>{texts.mayNotWrite}</p>
  const change = (part: Partial<Unsent>) => draft.set(writeUnsent({ ...unsent, category, purpose, ...part }))
  return (
    <ComposerForm
      {...{ view, me, thread, onSent, draft, unsent, change, category, purpose, attempt }}
      onAttempt={() => setAttempt((n) => n + 1)}
      onClear={() => {
        setAttempt(0)
        setLast(category)
        draft.clear()
      }}
    />
  )
}

type FormProps = Props & {
  readonly draft: Draft
  readonly unsent: Unsent
  readonly change: (part: Partial<Unsent>) => void
  readonly category: Category | null
  readonly purpose: Purpose
  readonly attempt: number
  readonly onAttempt: () => void
  readonly onClear: () => void
}

function useSend({ view, thread, unsent, purpose, onSent, onClear }: FormProps) {
  const session = useSession()
  const client = useQueryClient()
  const caseId = view.summary.id
  return useMutation({
    mutationFn: ({ readers, category }: { readonly readers: Readers; readonly category: Category }) =>
      session.send(caseId, {
        thread: thread?.id ?? null,
        title: thread === null ? unsent.title.trim() : null,
        category,
        purpose,
        text: unsent.text.trim(),
        readers: readers.version,
      }),
    onSuccess: (sent) => {
      onClear()
      void client.invalidateQueries({ queryKey: keys.threads(caseId) })
      onSent(sent.thread)
    },
    onError: (error) => {
      if (readersChanged(error)) void client.invalidateQueries({ queryKey: keys.case(caseId) })
    },
  })
}

function ComposerForm(props: FormProps) {
  const { view, me, thread, draft, unsent, change, category, purpose, attempt, onAttempt } = props
  const { t } = useText()
  const texts = t.threads.composer
  const readers = useQuery(reads.readers(useSession(), view.summary.id, category, purpose))
  const send = useSend(props)
  const errors: readonly FieldError[] = [
    ...(thread === null && unsent.title.trim() === '' ? [{ field: 'title', text: texts.titleMissing }] : []),
    ...(category === null ? [{ field: 'category', text: texts.categoryMissing }] : []),
    ...(unsent.text.trim() === '' ? [{ field: 'text', text: texts.textMissing }] : []),
  ]
  const invalid = (field: string) => {
    const error = errorOf(errors, attempt, field)
    return error === undefined ? {} : { isInvalid: true, errorMessage: error }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onAttempt()
    if (errors.length > 0 || category === null || readers.data === undefined || send.isPending) return
    send.mutate({ readers: readers.data, category })
  }
  return (
    <form onSubmit={submit} noValidate className="composer stack" aria-labelledby="compose">
      <h2 id="compose">{texts.heading}</h2>
      <ErrorSummary errors={errors} attempt={attempt} />
      <Problem error={send.error} />
      {thread === null && (
        <TextField
          id="title"
          label={texts.title}
          value={unsent.title}
          onChange={(title) => change({ title })}
          maxLength={120}
          autoComplete="off"
          validationBehavior="aria"
          {...invalid('title')}
        />
      )}
      <div className="filters">
        <div id="category">
          <Select
            label={texts.category}
            description={texts.categoryWhy}
            placeholder={t.shell.chosen}
            selectedKey={category}
            onSelectionChange={(key) => change({ category: view.mayWrite.find((one) => one === key) ?? category })}
            validationBehavior="aria"
            {...invalid('category')}
          >
            {view.mayWrite.map((one) => (
              <ListBoxItem key={one} id={one}>
                {t.domain.categories[one]}
              </ListBoxItem>
            ))}
          </Select>
        </div>
        {thread === null && (
          <Select
            label={texts.purpose}
            description={texts.purposeWhy}
            selectedKey={purpose}
            onSelectionChange={(key) => change({ purpose: purposes.find((one) => one === key) ?? purpose })}
          >
            {purposes.map((one) => (
              <ListBoxItem key={one} id={one}>
                {t.domain.purposes[one]}
              </ListBoxItem>
            ))}
          </Select>
        )}
      </div>
      <TextArea
        id="text"
        label={texts.text}
        value={unsent.text}
        onChange={(text) => change({ text })}
        maxLength={20_000}
        validationBehavior="aria"
        {...invalid('text')}
      />
      {readers.data !== undefined && <ReaderList readers={readers.data} me={me} people={view.people} />}
      {category === null && <p>{texts.categoryMissing}</p>}
      {category !== null && readers.data === undefined && readers.error === null && <p>{t.threads.readers.loading}</p>}
      <ReadersHeard readers={readers.data} me={me} />
      <Problem error={readers.error} />
      {readers.error !== null && (
        <Button variant="secondary" onPress={() => void readers.refetch()}>
          {t.shell.retry}
        </Button>
      )}
      <Button
        type="submit"
        icon={Send}
        isDisabled={send.isPending || (category !== null && readers.data === undefined) || draft.state === 'reading'}
      >
        {readersChanged(send.error) ? texts.resend : texts.send}
      </Button>
      <p role="status" className="quiet">
        {send.isPending && texts.sending}
        {send.isSuccess && draft.state === 'empty' && texts.sent}
        {draft.state === 'saved' && hasWords(unsent) && !send.isPending && texts.draftSaved}
        {draft.state === 'restored' && hasWords(unsent) && texts.draftBack}
        {draft.state === 'lost' && texts.draftLost}
      </p>
    </form>
  )
}
