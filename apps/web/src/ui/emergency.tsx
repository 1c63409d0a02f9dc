// 112 and 114 14, in reach on every page, also before anybody has signed in, and over every question.
import { Phone } from 'lucide-react'
import { useText } from '../i18n/index.tsx'

export function Emergency() {
  const { t } = useText()
  return (
    <aside className="emergency" aria-label={t.shell.emergency}>
      <EmergencyNumbers />
    </aside>
  )
}

export function EmergencyNumbers() {
  const { t } = useText()
  return (
    <>
      <Phone aria-hidden size={16} />
      <a href="tel:112">{t.shell.emergencyNow}</a>
      <a href="tel:11414">{t.shell.emergencyPolice}</a>
    </>
  )
}
