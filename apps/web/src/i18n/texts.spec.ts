// No text is kept that no page shows: it would be translated, proof-read and never seen.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sv } from './sv.ts'

const source = join(__dirname, '..')
const declaration = /const (?:(\w+)|\{ ([\w, ]+) \}) = (\w+(?:\.\w+)*)\n/g
const mention = /(?<![.\w])\w+(?:(?:\.\w+)+|(?=\[))/g

type Path = readonly string[]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const textAt = (path: Path): unknown =>
  path.reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), sv)

const textsBelow = (path: Path): readonly string[] => {
  const at = textAt(path)
  return isRecord(at) ? Object.keys(at).flatMap((key) => textsBelow([...path, key])) : [path.join('.')]
}

/** What `name.key.key` may mean in a file, by what each name stands for there. */
const meant = (names: ReadonlyMap<string, readonly Path[]>, chain: string): readonly Path[] => {
  const [name = '', ...keys] = chain.split('.')
  return (names.get(name) ?? []).map((path) => [...path, ...keys]).filter((path) => textAt(path) !== undefined)
}

/** The texts that a file shows. A record that is indexed or handed on is used whole; one that is only given a name is not. */
function shownIn(code: string): readonly string[] {
  const names = new Map<string, readonly Path[]>([['t', [[]]]])
  const shown: Path[] = []
  for (const [, one, several, chain = ''] of code.matchAll(declaration)) {
    for (const name of one === undefined ? (several?.split(', ') ?? []) : [one]) {
      const paths = meant(names, one === undefined ? `${chain}.${name}` : chain)
      names.set(name, [...(names.get(name) ?? []), ...paths])
      shown.push(...paths.filter((path) => !isRecord(textAt(path))))
    }
  }
  for (const [chain] of code.replace(declaration, '\n').matchAll(mention))
    shown.push(...meant(names, chain).filter((path) => path.length > 0))
  return shown.flatMap(textsBelow)
}

test('every text is shown somewhere', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith('.spec.ts') && !name.startsWith('i18n'),
  )
  const shown = new Set(files.flatMap((name) => shownIn(readFileSync(join(source, name), 'utf8'))))
  expect(textsBelow([]).filter((text) => !shown.has(text))).toEqual([])
})
