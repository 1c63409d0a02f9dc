// The demo's kommuner have the codes of the reference data, which their cases' numbers begin with; nobody else has one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDemo } from './demo-files.ts'
import { organisationsOf } from './organisations.ts'

const organisations = organisationsOf(readDemo(join(__dirname, '../demo')), () => 'https://login.example')
const reference = JSON.parse(readFileSync(join(__dirname, '../reference/kommuner.json'), 'utf8')) as {
  readonly kommuner: readonly { readonly code: string; readonly name: string }[]
} // the file's own form

test.each(organisations.map(({ name, kind, kommunCode }) => [name, kind, kommunCode] as const))(
  '%s (%s) has the code %s',
  (name, kind, code) => {
    const known = reference.kommuner.find((one) => one.code === code)
    expect(known === undefined).toBe(kind !== 'kommun')
    if (known !== undefined) expect(name).toContain(known.name)
  },
)
