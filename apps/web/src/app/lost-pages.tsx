// The pages for an address that is not ours, and for a fault of our own.
import { Button } from '@midas-ds/components/button'
import { useText } from '../i18n/index.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { PageHeading } from '../ui/page-heading.tsx'

export function NotFoundPage() {
  const { t } = useText()
  const { heading, text, to } = t.shell.notFound
  return (
    <>
      <PageHeading tab={heading}>{heading}</PageHeading>
      <p>{text}</p>
      <ButtonLink look="primary" to="/arenden">
        {to}
      </ButtonLink>
    </>
  )
}

export function CrashedPage() {
  const { t } = useText()
  const { heading, text, reload } = t.shell.crashed
  return (
    <>
      <PageHeading tab={heading}>{heading}</PageHeading>
      <p role="alert">{text}</p>
      <Button onPress={() => window.location.reload()}>{reload}</Button>
    </>
  )
}
