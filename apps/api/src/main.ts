// Starts the API from the environment; ends it in order when asked to.
import { startApi } from './platform/start.ts'
import type { RunningApi } from './platform/start.ts'
import { readSettings, SettingsRefused } from './platform/settings.ts'

async function main(): Promise<void> {
  const api = await startApi(readSettings(process.env))
  const stop = (): void => void stopped(api)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

async function stopped(api: RunningApi): Promise<void> {
  await api.close()
  process.exit(0)
}

main().catch((error: unknown) => {
  const isKnown = error instanceof SettingsRefused || (error instanceof Error && error.name === 'Unavailable')
  process.stderr.write(
    `${isKnown ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
})
