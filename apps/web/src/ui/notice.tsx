// A remark on the page. `live` ones are announced when they appear.
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  readonly tone: 'info' | 'success' | 'important' | 'warning'
  readonly live?: 'status' | 'alert'
  readonly children: ReactNode
}
const icons = { info: Info, success: CircleCheck, important: TriangleAlert, warning: OctagonAlert }

export function Notice({ tone, live, children }: Props) {
  const Icon = icons[tone]
  return (
    <div className={`notice notice-${tone}`} role={live}>
      <Icon aria-hidden size={20} />
      <div>{children}</div>
    </div>
  )
}
