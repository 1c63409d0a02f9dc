// A short state in words, with an icon, never by colour alone. A plain span: the design system's tag is a grid of its own.
import { Check, CircleDashed, CircleSlash, Clock, Info } from 'lucide-react'

export type Tone = 'good' | 'waiting' | 'ended' | 'attention' | 'plain'

const icons = { good: Check, waiting: Clock, ended: CircleSlash, attention: Info, plain: CircleDashed }

export function StatusTag({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  const Icon = icons[tone]
  return (
    <span className={`tag tag-${tone}`}>
      <Icon aria-hidden size={14} />
      {children}
    </span>
  )
}
