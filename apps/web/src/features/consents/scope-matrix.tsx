// The matrix authorities × categories: a plain table to read, and on a phone one card per authority, what is alike said once.
import { ArrowLeft, ArrowLeftRight, ArrowRight } from 'lucide-react'
import { Button } from '@midas-ds/components/button'
import { useState } from 'react'
import type { AuthorityId, Category } from '#libs/domain'
import { categories } from '#libs/domain'
import type { FlowView } from '../../crypto/facade.ts'
import { useText } from '../../i18n/index.tsx'
import { useNames } from '../../session/names.ts'
import { useNarrowScreen } from '../../ui/use-narrow-screen.ts'
import { StatusTag, type Tone } from '../../ui/status-tag.tsx'
import { useEndingText } from './ending-text.ts'
import { cellOf, counterpartsOf, lineName, rowsOf, type ScopeLine } from './scope-cells.ts'

const tones: Record<FlowView['state'], Tone> = {
  flows: 'good',
  'waiting-for-key': 'waiting',
  uncovered: 'attention',
  'waiting-for-confirmation': 'waiting',
  ended: 'ended',
}
const explainedStates = ['waiting-for-confirmation', 'waiting-for-key', 'uncovered'] as const
const arrows = { both: ArrowLeftRight, out: ArrowRight, in: ArrowLeft }

type Props = { readonly flows: readonly FlowView[]; readonly own: AuthorityId; readonly caption: string }

export function ScopeMatrix({ flows, own, caption }: Props) {
  const { t } = useText()
  const texts = t.consents.matrix
  const isNarrow = useNarrowScreen()
  const [isWhole, setWhole] = useState(false)
  const counterparts = counterpartsOf(flows, own)
  const shared = categories.filter((category) => flows.some((flow) => flow.category === category))
  const shown = isWhole ? categories : shared
  if (counterparts.length === 0) return <p>{texts.nobody}</p>
  const parts = { flows, own, counterparts, shown, caption }
  return (
    <div className="stack-tight">
      {isNarrow ? <Cards {...parts} /> : <Table {...parts} />}
      <Legend flows={flows} />
      <Button variant="tertiary" size="medium" onPress={() => setWhole(!isWhole)}>
        {isWhole ? texts.showShared : texts.showAll}
      </Button>
    </div>
  )
}

/** What the states mean that are there to be seen, and no others. */
function Legend({ flows }: Pick<Props, 'flows'>) {
  const { t } = useText()
  const { state, legend } = t.consents.matrix
  const explained = explainedStates.filter((one) => flows.some((flow) => flow.state === one))
  if (explained.length === 0) return null
  return (
    <dl className="legend quiet">
      {explained.map((one) => (
        <div key={one}>
          <dt>{state[one]}:</dt> <dd>{legend[one]}</dd>
        </div>
      ))}
    </dl>
  )
}

type Parts = Props & { readonly counterparts: readonly AuthorityId[]; readonly shown: readonly Category[] }

function Table({ flows, own, counterparts, shown, caption }: Parts) {
  const { t } = useText()
  const names = useNames()
  return (
    <div className="scroll-box">
      <table className="matrix">
        <caption className="only-heard">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.consents.matrix.category}</th>
            {counterparts.map((authority) => (
              <th scope="col" key={authority}>
                {names.authority(authority)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((category) => (
            <tr key={category}>
              <th scope="row">{t.domain.categories[category]}</th>
              {counterparts.map((authority) => (
                <td key={authority}>
                  <Cell lines={cellOf(flows, own, authority, category)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cards({ flows, own, counterparts, shown, caption }: Parts) {
  const { t, format } = useText()
  const names = useNames()
  return (
    <ul className="plain stack-tight" aria-label={caption}>
      {counterparts.map((authority) => (
        <li key={authority} className="card">
          <h3>{names.authority(authority)}</h3>
          <dl className="matrix-card">
            {rowsOf(flows, own, authority, shown).map((row) => (
              <div key={row.categories.join()}>
                <dt>{format.terms(row.categories.map((category) => t.domain.categories[category]))}</dt>
                <dd>
                  <Cell lines={row.lines} />
                </dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}

function Cell({ lines }: { readonly lines: readonly ScopeLine[] }) {
  const { t } = useText()
  if (lines.length === 0) return <span className="quiet">{t.consents.matrix.nothing}</span>
  return (
    <ul className="plain cell">
      {lines.map((line) => (
        <Line key={lineName(line)} line={line} />
      ))}
    </ul>
  )
}

function Line({ line }: { readonly line: ScopeLine }) {
  const { t, format } = useText()
  const texts = t.consents.matrix
  const names = useNames()
  const endingText = useEndingText()
  const Arrow = arrows[line.direction]
  const isCasework = line.purposes.every((one) => one === 'casework')
  return (
    <li className={`flow-${line.state}`}>
      <span className="flow-direction">
        <Arrow aria-hidden size={16} /> {texts[line.direction]}
        {line.state !== 'ended' && `, ${texts.dates(format.date(line.from), format.lastDay(line.until))}`}
        {/* What was given stands with its dates also when it is over. */}
        {line.ended !== null &&
          line.wasOpen &&
          `, ${texts.dates(format.date(line.from), line.ended.at < line.until ? format.date(line.ended.at) : format.lastDay(line.until))}`}
      </span>
      {line.state !== 'flows' && <StatusTag tone={tones[line.state]}>{texts.state[line.state]}</StatusTag>}
      {line.ended !== null && <span>{endingText(line.ended)}</span>}
      {!isCasework && <span className="quiet">{format.terms(line.purposes.map((one) => t.domain.purposes[one]))}</span>}
      {line.units !== null && <span className="quiet">{texts.units(format.list(line.units.map(names.unit)))}</span>}
    </li>
  )
}
