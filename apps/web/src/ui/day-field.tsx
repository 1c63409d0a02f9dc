// A day, by keyboard or calendar, in Swedish time.
import { DatePicker } from '@midas-ds/components/date-picker'
import { type CalendarDate, parseDate } from '@internationalized/date'
import { useEffect, useMemo, useRef } from 'react'

type Props = {
  readonly id: string
  readonly label: string
  readonly description?: string
  readonly value: CalendarDate | null
  readonly onChange: (day: CalendarDate | null) => void
  /** Heard when a part of the date is erased, or filled in again: until then `value` is still the day that stood there. */
  readonly onHalf: (isHalf: boolean) => void
  readonly error?: string | undefined
}

export function DayField({ id, label, description, value, onChange, onHalf, error }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const tell = useRef(onHalf)
  tell.current = onHalf
  // The picker fills a half-erased date in again when it is given another object, be it of the same day.
  const day = value?.toString() ?? null
  const same = useMemo(() => (day === null ? null : parseDate(day)), [day])
  // The picker tells of whole days alone; what its parts show, by whatever hand or keyboard, stands in the page.
  useEffect(() => {
    const field = box.current
    if (field === null) return
    const observer = new MutationObserver(() => tell.current(isHalfFilled(field)))
    observer.observe(field, { subtree: true, attributeFilter: ['data-placeholder'] })
    return () => {
      observer.disconnect()
      tell.current(false)
    }
  }, [])
  return (
    <div id={id} ref={box} className="day-field">
      <DatePicker<CalendarDate>
        label={label}
        value={same}
        onChange={onChange}
        isInvalid={error !== undefined}
        validationBehavior="aria"
        {...(description === undefined ? {} : { description })}
        {...(error === undefined ? {} : { errorMessage: error })}
      />
    </div>
  )
}

function isHalfFilled(field: HTMLElement): boolean {
  const parts = [...field.querySelectorAll('[role="spinbutton"]')]
  const nEmpty = parts.filter((part) => part.hasAttribute('data-placeholder')).length
  return nEmpty > 0 && nEmpty < parts.length
}
