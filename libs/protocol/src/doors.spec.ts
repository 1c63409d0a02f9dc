// The server's door leads to nothing that opens: no file reachable from verify.ts imports an open-*.ts, openpgp, or WebCrypto's ways of decrypting.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const room = join(process.cwd(), 'libs/protocol/src')

/** All that a file imports for its values, and what those import. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, named] of text.matchAll(/^(?:import|export)\s(?!type\s)[^'"]*?from\s+'([^']+)'/gms)) {
    if (named === undefined) continue
    if (named.startsWith('.')) reached(join(dirname(file), named), seen)
    if (!named.startsWith('.')) seen.add(named)
  }
  return seen
}

const names = (from: string): readonly string[] =>
  [...reached(join(room, from))].map((file) => file.replace(`${room}/`, ''))

test('verify.ts reaches only what checks', () => {
  const files = names('verify.ts')
  expect(files).toContain('statements.ts')
  expect(files.filter((file) => file.startsWith('open') || file === 'openpgp' || file === 'staff-key.ts')).toEqual([])
  for (const file of files.filter((name) => name.endsWith('.ts')))
    expect(readFileSync(join(room, file), 'utf8')).not.toMatch(/subtle\.decrypt|unwrapKey|decryptKey/)
})

test('the same search finds what opens behind the client’s door', () => {
  expect(names('index.ts')).toEqual(expect.arrayContaining(['open-message.ts', 'open-primitives.ts', 'openpgp']))
})

test('the room imports the domain, the library and JCS, and nothing else', () => {
  const packages = names('index.ts').filter((file) => !file.endsWith('.ts'))
  expect(packages.sort()).toEqual(['#libs/domain', 'canonicalize', 'openpgp'])
})
