// Assigning a member of one's own authority: who, with which categories, how long.
import { Button } from '@midas-ds/components/button'
import { ListBoxItem } from '@midas-ds/components/list-box'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { Select } from '@midas-ds/components/select'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { CalendarDate } from '@internationalized/date'
import type { Category } from '#libs/domain'
import { categoriesByRole } from '#libs/domain'
import type { CaseView, Me, StaffMember } from '../../crypto/facade.ts'
import { dayAt, endOfDay } from '../../i18n/formats.ts'
import { useText } from '../../i18n/index.tsx'
import { keys, reads } from '../../session/queries.ts'
import { useSession } from '../../session/session.tsx'
import { useTell } from '../../session/told.tsx'
import { CategoryChoice } from '../../ui/category-choice.tsx'
import { DayField } from '../../ui/day-field.tsx'
import { ErrorSummary, errorOf, type FieldError } from '../../ui/error-summary.tsx'
import { Problem } from '../../ui/problem.tsx'
import { isStanding } from './assignment-list.tsx'

type Props = { readonly view: CaseView; readonly me: Me }

/** Those who can be given a key: certified, of one's own authority, not assigned already, not barred. */
function assignable(staff: readonly StaffMember[], view: CaseView, me: Me): readonly StaffMember[] {
  const taken = new Set(
    view.assignments.filter((one) => isStanding(one) || one.state === 'barred').map((one) => one.user),
  )
  return staff.filter((one) => one.authority === me.authority.id && one.key === 'certified' && !taken.has(one.user))
}

export function AssignForm({ view, me }: Props) {
  const { t, format } = useText()
  const texts = t.cases.assignments
  const session = useSession()
  const client = useQueryClient()
  const tell = useTell()
  const staff = useQuery(reads.staff(session)).data ?? []
  const today = dayAt(Date.now())
  const [userId, setUser] = useState<string | null>(null)
  const [wanted, setWanted] = useState<'default' | 'chosen'>('default')
  const [chosen, setChosen] = useState<readonly Category[]>([])
  const [until, setUntil] = useState<CalendarDate | null>(today.add({ months: 6 }))
  const [isHalf, setHalf] = useState(false)
  const [reason, setReason] = useState<'alone' | 'night'>('alone')
  const [attempt, setAttempt] = useState(0)

  const candidates = assignable(staff, view, me)
  const member = candidates.find((one) => one.user === userId)
  // Some roles carry no category by themselves, as a team leader's who is alone: then there is nothing to follow.
  const hasDefault = member === undefined || categoriesByRole(member.roles).length > 0
  const how = hasDefault ? wanted : 'chosen'
  const isUntilRight = until !== null && until.compare(today) >= 0 && until.compare(today.add({ years: 1 })) <= 0
  const errors: readonly FieldError[] = [
    ...(member === undefined ? [{ field: 'who', text: texts.whoMissing }] : []),
    ...(how === 'chosen' && chosen.length === 0 ? [{ field: 'categories', text: texts.categoriesMissing }] : []),
    ...(isHalf ? [{ field: 'until', text: t.shell.dayHalf }] : []),
    ...(isUntilRight || isHalf ? [] : [{ field: 'until', text: texts.untilWrong }]),
  ]
  const assign = useMutation({
    mutationFn: (input: Parameters<typeof session.assign>[1]) => session.assign(view.summary.id, input),
    onSuccess: () => {
      tell(texts.added(member?.name ?? ''))
      setUser(null)
      setAttempt(0)
      void client.invalidateQueries({ queryKey: keys.allCases })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAttempt((n) => n + 1)
    if (errors.length > 0 || member === undefined || until === null || assign.isPending) return
    assign.mutate({
      user: member.user,
      categories: how === 'default' ? 'default' : chosen,
      until: endOfDay(until),
      ...(member.user === me.user ? { reason } : {}),
    })
  }
  const whoError = errorOf(errors, attempt, 'who')
  return (
    <section aria-labelledby="add" className="card">
      <h2 id="add">{texts.add}</h2>
      {candidates.length === 0 && <p>{texts.nobody}</p>}
      {candidates.length > 0 && (
        <form onSubmit={submit} noValidate className="stack">
          <ErrorSummary errors={errors} attempt={attempt} />
          <Problem error={assign.error} />
          <div id="who">
            <Select
              label={texts.who}
              placeholder={t.shell.chosen}
              selectedKey={userId}
              onSelectionChange={(key) => setUser(key === null ? null : String(key))}
              isInvalid={whoError !== undefined}
              validationBehavior="aria"
              {...(whoError === undefined ? {} : { errorMessage: whoError })}
            >
              {candidates.map((one) => (
                <ListBoxItem key={one.user} id={one.user} textValue={one.name ?? t.shell.pseudonym(one.user)}>
                  {one.name ?? t.shell.pseudonym(one.user)} (
                  {format.list(one.roles.map((role) => t.domain.roles[role]))})
                </ListBoxItem>
              ))}
            </Select>
          </div>
          {member?.user === me.user && (
            <RadioGroup
              label={texts.selfReason}
              description={texts.self}
              value={reason}
              onChange={(value) => setReason(value as 'alone' | 'night')}
            >
              <Radio value="alone">{texts.selfReasons.alone}</Radio>
              <Radio value="night">{texts.selfReasons.night}</Radio>
            </RadioGroup>
          )}
          <RadioGroup
            label={texts.categories}
            value={how}
            onChange={(value) => setWanted(value as 'default' | 'chosen')}
          >
            {hasDefault && <Radio value="default">{texts.byRole}</Radio>}
            <Radio value="chosen">{texts.chosen}</Radio>
          </RadioGroup>
          {how === 'chosen' && (
            <CategoryChoice
              id="categories"
              label={texts.categories}
              value={chosen}
              onChange={setChosen}
              error={errorOf(errors, attempt, 'categories')}
            />
          )}
          <DayField
            id="until"
            label={texts.untilLabel}
            value={until}
            onChange={setUntil}
            onHalf={setHalf}
            error={errorOf(errors, attempt, 'until')}
          />
          <Button type="submit" isDisabled={assign.isPending}>
            {assign.isPending ? t.shell.working : texts.submit}
          </Button>
        </form>
      )}
    </section>
  )
}
