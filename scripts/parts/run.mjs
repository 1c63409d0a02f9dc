// Child processes of the scripts: run to the end, or kept as a service until told to stop.
import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'

/** What a script says and ends with when something outside it is missing; shown without a stack trace. */
export class Stop extends Error {}

/** What is being waited for: ended with the script that waits, also when that is told to stop and nobody pressed Ctrl-C. */
const waitedFor = new Set()
process.on('exit', () => {
  for (const child of waitedFor) child.kill('SIGTERM')
})

export function endWithScript(child) {
  waitedFor.add(child)
  child.once('close', () => waitedFor.delete(child))
  return child
}

/** Runs a command to its end and answers its code and output; `show` lets the output through as it comes. */
export function run(command, args, { show = false, env = {}, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      env: { ...process.env, ...env },
      ...options,
    })
    endWithScript(child)
    let output = ''
    let stdout = ''
    child.stdout?.on('data', (text) => {
      output += text
      stdout += text
    })
    child.stderr?.on('data', (text) => (output += text))
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal, output, stdout }))
  })
}

/** As `run`, but a failure ends the script with the command's own words. */
export async function must(what, command, args, options) {
  const result = await run(command, args, options)
  if (result.code !== 0) throw new Stop(`${what} failed.\n${result.output.trim()}`)
  return result
}

/** The path of a program on PATH, or null. */
export function onPath(...names) {
  for (const name of names) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (found.status === 0) return found.stdout.trim()
  }
  return null
}

/**
 * Starts a service in a process group of its own, so that Ctrl-C in the terminal reaches this script alone and the services are
 * stopped in their order. Its output goes to `logFile`; the last lines are kept for the message when it ends by itself.
 */
export function service(name, command, args, { logFile, stopSignal = 'SIGTERM', ...options }) {
  const log = createWriteStream(logFile, { flags: 'a' })
  const lines = []
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
  const keep = (text) => {
    log.write(text)
    lines.push(...String(text).split('\n').filter(Boolean))
    lines.splice(0, lines.length - 20)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise((resolve) => {
    child.once('error', (error) => {
      lines.push(String(error))
      resolve({ code: 1 })
    })
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  return {
    name,
    child,
    ended,
    lastLines: () => lines.join('\n'),
    async stop(graceMs = 8_000) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      child.kill(stopSignal)
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Asks again until `probe` answers true; a service that ends meanwhile ends the waiting with its last lines. */
export async function until(service, probe, { withinMs = 60_000, everyMs = 100 } = {}) {
  const deadline = Date.now() + withinMs
  let hasEnded = false
  void service.ended.then(() => (hasEnded = true))
  while (!hasEnded && Date.now() < deadline) {
    if (await probe()) return
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  throw new Stop(
    `${service.name} ${hasEnded ? 'ended by itself' : 'did not answer in time'}. Its last lines:\n${service.lastLines()}`,
  )
}

/** Runs a script's main function; a `Stop` is a sentence, anything else a fault with its stack. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0
  } catch (error) {
    process.stderr.write(`\n${error instanceof Stop ? error.message : (error?.stack ?? String(error))}\n`)
    process.exitCode = 1
  }
}
