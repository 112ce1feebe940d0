import { parseArgs } from 'node:util'
import { hasDisplay, obtainElectron } from './electron-binary.ts'
import { buildNative } from './native-build.ts'
import { buildPage } from './page-build.ts'
import { at } from './paths.ts'
import { endOnSignals, run } from './processes.ts'
import { say } from './say.ts'
import { ensureSystemPackages } from './system-packages.ts'

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
    // Chromium's sandbox refuses to run as root.
    const isRoot = process.getuid?.() === 0
    if (isRoot) say("Running as root: Chromium's own sandbox is off.")
    return (await run(electron, [at(), ...(isRoot ? ['--no-sandbox'] : []), ...workspace])).code
  }
  const port = values.port === undefined ? [] : [`--port=${values.port}`]
  const open = hasDisplay() ? ['--open'] : []
  return (await run(process.execPath, [at('web', 'main.ts'), '--sample', ...open, ...port, ...workspace])).code
}

endOnSignals()
try {
  process.exitCode = await start()
} catch (thrown) {
  // parseArgs throws on an unknown option, and only there.
  process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n${usage}\n`)
  process.exitCode = 2
}
