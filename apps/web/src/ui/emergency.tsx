// 112 and 114 14, in reach on every page, also before anybody has signed in.
import { Phone } from 'lucide-react'
import { useText } from '../i18n/index.tsx'

export function Emergency() {
  const { t } = useText()
  return (
    <aside className="emergency" aria-label={t.shell.emergency}>
      <Phone aria-hidden size={16} />
      <span>
        {t.shell.emergencyNow} <a href="tel:112">112</a>
      </span>
      <span>
        {t.shell.emergencyPolice} <a href="tel:11414">114&nbsp;14</a>
      </span>
    </aside>
  )
}
