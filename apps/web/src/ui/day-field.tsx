// A day, by keyboard or calendar, in Swedish time.
import { DatePicker } from '@midas-ds/components/date-picker'
import type { CalendarDate } from '@internationalized/date'

type Props = {
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly value: CalendarDate | null
  readonly onChange: (day: CalendarDate | null) => void
  readonly error?: string | undefined
}

export function DayField({ id, label, description, value, onChange, error }: Props) {
  return (
    <div id={id} className="day-field">
      <DatePicker<CalendarDate>
        label={label}
        value={value}
        onChange={onChange}
        isInvalid={error !== undefined}
        validationBehavior="aria"
        {...(description === undefined ? {} : { description })}
        {...(error === undefined ? {} : { errorMessage: error })}
      />
    </div>
  )
}
