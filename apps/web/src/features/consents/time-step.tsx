// Step 4: how long. There is always an end, and it is chosen.
import { type CalendarDate, parseDate } from '@internationalized/date'
import { Radio, RadioGroup } from '@midas-ds/components/radio'
import { useState } from 'react'
import { startOfDay } from '../../i18n/formats.ts'
import { useText } from '../../i18n/index.tsx'
import { DayField } from '../../ui/day-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { StepProps } from './consent-editor-page.tsx'
import { type Day, lastDayOf, spans } from './editor-draft.ts'

export function TimeStep({ draft, change, errorOf, onHalf, today }: StepProps & { readonly today: CalendarDate }) {
  const { t, format } = useText()
  const texts = t.editor.time
  const choices = spans.map((months) => ({ months, day: lastDayOf(today, months).toString() }))
  const [isOther, setOther] = useState(draft.until !== null && choices.every(({ day }) => day !== draft.until))
  const said = (day: Day) => format.date(startOfDay(parseDate(day)))
  const error = errorOf('until')
  const choose = (value: string) => {
    setOther(value === 'other')
    change({ until: value === 'other' ? null : value })
  }
  return (
    <>
      <p>{texts.from}</p>
      {draft.how === 'verbally-with-witness' && draft.lapsesOn !== null && (
        <Notice tone="info">{texts.verbal(said(draft.lapsesOn))}</Notice>
      )}
      <div id={isOther ? 'span' : 'until'}>
        <RadioGroup
          label={texts.howLong}
          description={texts.untilHint}
          value={isOther ? 'other' : draft.until}
          onChange={choose}
          validationBehavior="aria"
          {...(error === undefined || isOther ? {} : { isInvalid: true, errorMessage: error })}
        >
          {choices.map(({ months, day }) => (
            <Radio key={months} value={day}>
              {texts.span(months, said(day))}
            </Radio>
          ))}
          <Radio value="other">{texts.other}</Radio>
        </RadioGroup>
      </div>
      {isOther && (
        <DayField
          id="until"
          label={texts.until}
          value={draft.until === null ? null : parseDate(draft.until)}
          onChange={(day) => change({ until: day?.toString() ?? null })}
          onHalf={(isHalf) => onHalf('until', isHalf)}
          error={error}
        />
      )}
    </>
  )
}
