// Several of the twelve categories, each ticked by itself: there is no "all".
import { Checkbox, CheckboxGroup } from '@midas-ds/components/checkbox'
import type { Category } from '#libs/domain'
import { categories } from '#libs/domain'
import { useText } from '../i18n/index.tsx'

type Props = {
  readonly id: string
  readonly label: string
  readonly value: readonly Category[]
  readonly onChange: (chosen: readonly Category[]) => void
  readonly error?: string | undefined
}

export function CategoryChoice({ id, label, value, onChange, error }: Props) {
  const { t } = useText()
  return (
    <div id={id} className="category-choice">
      <CheckboxGroup
        errorPosition="top"
        label={label}
        value={[...value]}
        onChange={(chosen) => onChange(categories.filter((category) => chosen.includes(category)))}
        isInvalid={error !== undefined}
        validationBehavior="aria"
        {...(error === undefined ? {} : { errorMessage: error })}
      >
        {categories.map((category) => (
          <Checkbox key={category} value={category}>
            {t.domain.categories[category]}
          </Checkbox>
        ))}
      </CheckboxGroup>
    </div>
  )
}
