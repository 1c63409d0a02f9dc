// How benchmarks measure and what they print: medians, percentiles, a figure beside its baseline, sizes from the command line.
import { parseArgs } from 'node:util'

export type Spread = { readonly median: number; readonly p99: number; readonly count: number }

/** Of the sorted values the one below which the share lies; NaN without values. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), count: sorted.length }
}

/**
 * Milliseconds that each of `works` took, `times` over; the first `warmUp` are not counted. They take turns, so that what else the
 * machine does falls on all of them.
 */
export async function timedInTurns<Name extends string>(
  times: number,
  warmUp: number,
  works: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Readonly<Record<Name, Spread>>> {
  const names = Object.keys(works) as Name[] // the record's own names
  const values = new Map(names.map((name) => [name, [] as number[]]))
  for (let turn = 0; turn < times + warmUp; turn += 1)
    for (const name of names) {
      const took = await lasting(works[name])
      if (turn >= warmUp) values.get(name)?.push(took)
    }
  return Object.fromEntries(names.map((name) => [name, spreadOf(values.get(name) ?? [])])) as Record<Name, Spread> // one spread per name
}

/** Milliseconds of the whole of `work`. */
export async function lasting(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Several workers that take turns from one counter until it is used up. */
export async function inParallel(
  count: number,
  workers: number,
  work: (turn: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const take = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: workers }, take))
}

/** Sizes by flags: `--cases=1000000`. An unknown flag ends the run with its name. */
export function sizes<Name extends string>(defaults: Readonly<Record<Name, number>>): Readonly<Record<Name, number>> {
  const names = Object.keys(defaults) as Name[] // the record's own names
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ options, strict: true })
  return Object.fromEntries(names.map((name) => [name, Number(values[name] ?? defaults[name])])) as Record<Name, number> // one number per name
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ')
export const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`
export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`

type Row = { readonly what: string; readonly ours: string; readonly baseline: string; readonly ratio: string }

/** `more-is-better` (throughput): ours / baseline; `less-is-better` (time): the same division, to be read the other way. */
export class Table {
  readonly #rows: Row[] = []
  readonly #failures: string[] = []

  /** `aim`: at least (throughput) or at most (time) this ratio; missing it is marked, and does not end the run. */
  compare(
    what: string,
    ours: number,
    baseline: number,
    how: { readonly unit: 'ms' | '/s'; readonly aim?: number },
  ): void {
    const show = (value: number): string => (how.unit === 'ms' ? milliseconds(value) : `${whole(value)}/s`)
    const ratio = ours / baseline
    const reached = how.aim === undefined || (how.unit === 'ms' ? ratio <= how.aim : ratio >= how.aim)
    const aim =
      how.aim === undefined ? '' : ` (aim ${how.unit === 'ms' ? '≤' : '≥'} ${how.aim}${reached ? '' : ', MISSED'})`
    this.#rows.push({ what, ours: show(ours), baseline: show(baseline), ratio: `${ratio.toFixed(2)}${aim}` })
  }

  alone(what: string, ours: string): void {
    this.#rows.push({ what, ours, baseline: '', ratio: '' })
  }

  /** Ends the run as failed, after the table. */
  fail(why: string): void {
    this.#failures.push(why)
  }

  print(title: string): void {
    const head: Row = { what: title, ours: 'Sluss', baseline: 'baseline', ratio: 'ratio' }
    const all = [head, ...this.#rows]
    const width = (name: keyof Row): number => Math.max(...all.map((row) => row[name].length))
    const [what, ours, baseline] = [width('what'), width('ours'), width('baseline')]
    for (const row of all)
      console.log(
        `${row.what.padEnd(what)}  ${row.ours.padStart(ours)}  ${row.baseline.padStart(baseline)}  ${row.ratio}`,
      )
    for (const why of this.#failures) console.error(`FAILED: ${why}`)
    if (this.#failures.length > 0) process.exitCode = 1
  }
}
