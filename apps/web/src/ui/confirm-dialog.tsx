// A question before something that cannot be undone. First focus is on leaving it; Escape leaves it.
import { Button } from '@midas-ds/components/button'
import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useText } from '../i18n/index.tsx'
import { EmergencyNumbers } from './emergency.tsx'
import { Problem } from './problem.tsx'

type Props = {
  readonly isOpen: boolean
  readonly heading: string
  readonly submit: string
  readonly isPending: boolean
  /** On the button that leaves, where leaving stops nothing any more. */
  readonly leave?: string | undefined
  readonly error: unknown
  readonly onSubmit: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

export function ConfirmDialog(props: Props) {
  const { isOpen, heading, submit, isPending, leave, error, onSubmit, onClose, children } = props
  const { t } = useText()
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} className="overlay">
      <Modal className="dialog-box">
        <Dialog role="alertdialog" className="dialog">
          <p className="emergency">
            <EmergencyNumbers />
          </p>
          <Heading slot="title">{heading}</Heading>
          {children}
          <Problem error={error} />
          <div className="buttons">
            <Button
              variant="secondary"
              autoFocus
              // Enlarged, the question is longer than the screen: what has focus is shown.
              onFocus={({ target }) => target.scrollIntoView({ block: 'nearest' })}
              onPress={onClose}
            >
              {leave ?? t.shell.cancel}
            </Button>
            <Button variant="danger" isDisabled={isPending} onPress={onSubmit}>
              {isPending ? t.shell.working : submit}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
