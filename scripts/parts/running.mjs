// Which processes a start has begun, so that the next one can tell a running Sluss from one that was killed.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { dataFolder } from './places.mjs'
import { Stop } from './run.mjs'

const file = join(dataFolder, 'running.json')

function commandOf(pid) {
  if (existsSync('/proc/self/cmdline'))
    return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
}

/** A process id may have been given to another program since: only one whose command still says the same is ours. */
const isOurs = ({ pid, command }) => command !== '' && commandOf(pid) === command

/** Ends what a killed start left behind; refuses where a start is running. */
export async function endLeftovers() {
  if (!existsSync(file)) return
  const { starter, url, services } = JSON.parse(readFileSync(file, 'utf8'))
  if (isOurs(starter))
    throw new Stop(
      `Sluss is running already: ${url}\nStop it with Ctrl-C in its terminal (process ${starter.pid}), then begin again.`,
    )
  const left = services.filter(isOurs)
  for (const { pid } of left) process.kill(pid, 'SIGTERM')
  for (let turn = 0; turn < 100 && left.some(isOurs); turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  for (const one of left.filter(isOurs)) process.kill(one.pid, 'SIGKILL')
  rmSync(file, { force: true })
}

const described = (pid) => ({ pid, command: commandOf(pid) })

export function keepRunning(url, services) {
  const rows = services.map(({ child }) => described(child.pid))
  writeFileSync(file, JSON.stringify({ starter: described(process.pid), url, services: rows }))
}

/** Only what this very start has kept: one that was refused must not forget the one that runs. */
export function forgetRunning() {
  if (!existsSync(file)) return
  if (JSON.parse(readFileSync(file, 'utf8')).starter.pid === process.pid) rmSync(file)
}
