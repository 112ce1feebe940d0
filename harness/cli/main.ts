import { readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { LabError } from '#contract/error.ts'
import { labIdentity } from '../host/identity.ts'
import { repoRoot } from '../host/repo-root.ts'
import { createLab, type Supervisor } from '../host/supervisor.ts'
import { chooseDevice } from './choose-device.ts'
import type { Command, Invocation } from './command.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { printAnswer, printFailure } from './output.ts'

const commonOptions: ParseArgsOptionsConfig = {
  json: { type: 'boolean' },
  workspace: { type: 'string' },
  device: { type: 'string' },
  tier: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
}

const commonHelp = `Options of every command:
  --json            one JSON document on stdout
  --workspace DIR   folder with kernels and manifests (default: this repository)
  --device ID       cpu, cuda, metal or null (default: cpu where there is one)
  --tier TIER       how the cpu device runs kernels: auto, loop, fiber, leader or vector (default: auto)
  -h, --help        this text
Exit status: 0 success, 1 a negative answer, 2 wrong usage, 3 a device or tool is missing.`

function commandNames(): string[] {
  const files = readdirSync(new URL('./commands/', import.meta.url))
  return files.filter((file) => /^[a-z-]+\.ts$/.test(file)).map((file) => file.replace('.ts', ''))
}

/** Other spellings of commands. */
const aliases = new Map([['analyse', 'analyze']])

const loadCommand = async (name: string): Promise<Command> => (await import(`./commands/${name}.ts`)).command

async function listCommands(): Promise<string> {
  const names = commandNames()
  const lines = await Promise.all(names.map(async (name) => `  ${name.padEnd(10)}${(await loadCommand(name)).summary}`))
  return `Kernel Lab on the command line: compiles, runs, benches and proves Metal kernels.\n\nUsage: klab COMMAND …\n${lines.join('\n')}\n\n${commonHelp}`
}

function failure(error: LabError, isJson: boolean): number {
  printFailure(error, isJson)
  return exitCodeOf(error)
}

async function answerTo(command: Command, invocation: Invocation): Promise<number> {
  const isJson = invocation.values.json === true
  const result = await command.run(invocation)
  if (!result.ok) return failure(result.error, isJson)
  printAnswer(result.value, isJson)
  return result.value.exitCode
}

function parseInvocation(command: Command, args: string[]) {
  return parseArgs({ args, options: { ...commonOptions, ...command.options }, allowPositionals: true, strict: true })
}

/** An interrupt ends the kernel host before this process, unless a run that listens too takes it as a wish to cancel. */
function closeOnSignal(close: () => Promise<void>): () => void {
  const end = (code: number) => void close().finally(() => process.exit(code))
  const onInterrupt = () => {
    if (process.listenerCount('SIGINT') === 1) end(130)
  }
  const onTerminate = () => end(143)
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return () => {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onTerminate)
  }
}

function refusalOf(command: Command, positionals: string[], workspace: unknown): string | null {
  const { maxPositionals } = command
  if (maxPositionals !== undefined && positionals.length > maxPositionals)
    return `unexpected argument "${positionals[maxPositionals]}".`
  if (typeof workspace !== 'string' || statSync(workspace, { throwIfNoEntry: false })?.isDirectory()) return null
  return `--workspace ${workspace} is not a folder.`
}

async function invoke(name: string, args: string[]): Promise<number> {
  const command = await loadCommand(name)
  let parsed: ReturnType<typeof parseInvocation>
  try {
    parsed = parseInvocation(command, args)
  } catch (error) {
    const message = `${(error as Error).message.split('\n')[0]} Usage: klab ${name} ${command.usage}`
    return failure({ kind: 'invalid', message }, args.includes('--json'))
  }
  const { values, positionals } = parsed
  if (values.help === true) {
    process.stdout.write(`${command.summary}\n\nUsage: klab ${name} ${command.usage}\n\n${commonHelp}\n`)
    return exitCodes.success
  }
  const refusal = refusalOf(command, positionals, values.workspace)
  if (refusal)
    return failure(
      { kind: 'invalid', message: `${refusal} Usage: klab ${name} ${command.usage}` },
      values.json === true,
    )
  let lab: Supervisor | null = null
  const workspaceRoot = typeof values.workspace === 'string' ? resolve(values.workspace) : repoRoot()
  const others: Supervisor[] = []
  const newLab = () => {
    const { tier } = values
    return createLab({ workspaceRoot, ...(typeof tier === 'string' ? { deviceOptions: { cpu: { tier } } } : {}) })
  }
  const openLab = () => {
    lab ??= newLab()
    return lab
  }
  const closeAll = async () => {
    await Promise.all([lab, ...others].map((one) => one?.close()))
  }
  const asked = typeof values.device === 'string' ? values.device : undefined
  const log = (line: string) => process.stderr.write(`${line}\n`)
  const stopListening = closeOnSignal(closeAll)
  try {
    return await answerTo(command, {
      positionals,
      values,
      workspaceRoot,
      log,
      lab: openLab,
      anotherLab: () => {
        const other = newLab()
        others.push(other)
        return other
      },
      device: () => chooseDevice(openLab(), asked),
    })
  } finally {
    stopListening()
    await closeAll()
  }
}

/** Runs one command line and answers its exit status. */
export async function main(args: string[]): Promise<number> {
  // `klab … | head` closes the pipe early; that is no failure of the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  const [given, ...rest] = args
  const name = aliases.get(given ?? '') ?? given
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${await listCommands()}\n`)
    return name === undefined ? exitCodes.usage : exitCodes.success
  }
  if (name === '--version') {
    process.stdout.write(`${labIdentity(repoRoot()).labVersion}\n`)
    return exitCodes.success
  }
  const names = commandNames()
  if (names.includes(name)) return invoke(name, rest)
  return failure(
    { kind: 'invalid', message: `no command "${name}"; there are: ${names.join(', ')}` },
    args.includes('--json'),
  )
}
