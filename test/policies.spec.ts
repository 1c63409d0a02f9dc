// The content policies as they are sent, exactly: the page's with every page and file, the worker's with the worker's script alone.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pagePolicy, workerPolicy } from './support/policies.ts'
import type { Running } from './support/running.ts'
import { startSluss } from './support/running.ts'

let sluss: Running
const folder = mkdtempSync(join(tmpdir(), 'sluss-client-'))
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Sluss</title>')
  for (const name of ['worker-abc123.js', 'index-abc123.js', 'net-worker.js'])
    writeFileSync(join(folder, 'assets', name), '')
  sluss = await startSluss({ nodes: 1, rootFingerprint: 'a'.repeat(64), client: folder })
}, 120_000)
afterAll(async () => {
  await sluss.stop()
  rmSync(folder, { recursive: true })
})

const policyOf = async (path: string): Promise<string | undefined> => {
  const answer = await fetch(`${sluss.publicUrl}${path}`, { headers: { accept: 'text/html,*/*' } })
  expect([path, answer.status]).toEqual([path, 200])
  return answer.headers.get('content-security-policy')?.replaceAll(/;\s*/g, '; ')
}

test.each(['/', '/arenden/1', '/assets/index-abc123.js', '/assets/net-worker.js', '/health', '/configuration.json'])(
  '%s carries the page’s policy and no other',
  async (path) => expect(await policyOf(path)).toBe(pagePolicy),
)

test('the worker’s script carries its own', async () => {
  expect(await policyOf('/assets/worker-abc123.js')).toBe(workerPolicy)
})
