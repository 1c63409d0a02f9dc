// After all integration suites: what the set-up started is stopped, and nothing else.
import type { Server } from './cluster.ts'

export default async function tearDown(): Promise<void> {
  // Jest wants a default export here
  const { slussTestServers } = globalThis as unknown as { slussTestServers?: readonly Server[] } // set by global-setup in the same process
  for (const server of slussTestServers ?? []) await server.stop()
}
