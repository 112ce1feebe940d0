import { parseArgs } from 'node:util'
import { hasDisplay, obtainElectron } from './electron-binary.ts'
import { buildNative } from './native-build.ts'
import { buildPage } from './page-build.ts'
import { at } from './paths.ts'
import { endOnSignals, run } from './processes.ts'
import { say } from './say.ts'
import { ensureSystemPackages } from './system-packages.ts'

/** A window that is gone with an error before this never was, ms. */
const openingMs = 5000

const usage = `npm start -- [--web] [--workspace DIR] [--port N]
  --web        the browser shell, even where Electron could run (npm run start:web)
  --workspace  another folder with .metal files, a variants_enhanced.json and a shape list
  --port       the browser shell's port, for a fixed ssh -L (default: a free one)`

async function start(): Promise<number> {
  const { values } = parseArgs({
    options: {
      web: { type: 'boolean', default: false },
      workspace: { type: 'string' },
      port: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    say(usage)
    return 0
  }
  if (!(await ensureSystemPackages('start'))) return 3
  if (!(await buildNative('klab')) || !(await buildPage())) return 1
  const workspace = values.workspace === undefined ? [] : [`--workspace=${values.workspace}`]
  const electron = values.web || !hasDisplay() ? null : await obtainElectron()
  if (electron !== null) {
    const code = await runElectron(electron, workspace)
    if (code !== null) return code
  }
  const port = values.port === undefined ? [] : [`--port=${values.port}`]
  const open = hasDisplay() ? ['--open'] : []
  return (await run(process.execPath, [at('web', 'main.ts'), '--sample', ...open, ...port, ...workspace])).code
}

/** The exit code of Electron; null when it could not even open, for which the browser shell is the answer. */
async function runElectron(path: string, workspace: string[]): Promise<number | null> {
  // Chromium's sandbox refuses to run as root.
  const isRoot = process.getuid?.() === 0
  if (isRoot) say("Running as root: Chromium's own sandbox is off.")
  const startedAt = Date.now()
  const { code } = await run(path, [at(), ...(isRoot ? ['--no-sandbox'] : []), ...workspace])
  if (code === 0 || Date.now() - startedAt > openingMs) return code
  say(
    `Electron ended with code ${code} before it opened (a shared library or the display is missing, by what it said).`,
  )
  say('Opening the browser shell instead.')
  return null
}

endOnSignals()
try {
  process.exitCode = await start()
} catch (thrown) {
  // parseArgs throws on an unknown option, and only there.
  process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n${usage}\n`)
  process.exitCode = 2
}
