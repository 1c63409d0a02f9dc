// What comments and the policy's sentences cite stands where they say: a reader who follows a paragraph must find it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(__dirname, '..')
const folders = ['apps', 'bench', 'libs', 'scripts', 'test']

const sections = (document: string): readonly string[] =>
  [...readFileSync(join(root, 'docs', document), 'utf8').matchAll(/^## (\d+)\. /gm)].map(([, number]) => number ?? '')

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.(?:ts|tsx|mjs|sql)$/.test(entry.name)) yield path
  }
}

/** `protocol.md § 4 rule 1`, `protocol.md §§ 4–5`, `domain.md §§ 2, 3 and 11`, `protocol.md P4`. */
const citation = /(protocol|domain)\.md (?:§§? (\d+(?:(?:–|, | and )\d+)*)|(P\d))/g

test('every paragraph that is cited is there', () => {
  const known = { protocol: sections('protocol.md'), domain: sections('domain.md') }
  const properties = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8')
  const missing: string[] = []
  let count = 0
  for (const folder of folders)
    for (const file of sources(join(root, folder)))
      for (const [text, document, numbers, property] of readFileSync(file, 'utf8').matchAll(citation)) {
        count += 1
        const cited = (numbers ?? '').match(/\d+/g) ?? []
        const isThere =
          property === undefined
            ? cited.every((number) => known[document as keyof typeof known].includes(number)) // one of the expression's two
            : properties.includes(`| ${property} |`)
        if (!isThere) missing.push(`${file.slice(root.length + 1)}: ${text}`)
      }
  expect(missing).toEqual([])
  expect(count).toBeGreaterThan(100)
})
