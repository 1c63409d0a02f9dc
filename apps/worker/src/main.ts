// Starts the worker from the environment; ends it in order when asked to.
import { readWorkerSettings } from './settings.ts'
import { startWorker } from './start.ts'

async function main(): Promise<void> {
  const worker = await startWorker(readWorkerSettings(process.env))
  const stop = (): void => void worker.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
