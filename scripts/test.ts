import { mkdirSync, rmSync } from 'node:fs'
import { findElectron } from './electron-binary.ts'
import { buildNative } from './native-build.ts'
import { buildPage } from './page-build.ts'
import { at } from './paths.ts'
import { endOnSignals, run } from './processes.ts'
import { complain, say } from './say.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { type Counts, countJunit, countVitest, judge } from './test-report.ts'

const reports = at('build', 'test-reports')

interface Runner {
  name: string
  title: string
  run: (report: string) => Promise<Counts>
}

const vitest =
  (...args: string[]) =>
  async (report: string, env: Record<string, string> = {}) => {
    const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const { code } = await run('vitest', [...options, ...args], { env })
    return judge(code, report, countVitest)
  }

const journeys = vitest('--config', 'e2e/vitest.config.ts')

const runners: Runner[] = [
  {
    name: 'native',
    title: 'native (ctest)',
    run: async (report) => {
      const options = ['--test-dir', at('build', 'native'), '--output-on-failure', '--output-junit', report, '-j', '2']
      const { code } = await run('ctest', options)
      return judge(code, report, countJunit)
    },
  },
  { name: 'unit', title: 'unit, harness and house rules (vitest)', run: vitest() },
  {
    name: 'browser',
    title: 'journeys in the browser shell (Chromium)',
    run: (report) => journeys(report, { KLAB_SHELL: 'browser' }),
  },
  {
    name: 'electron',
    title: `journeys in the Electron shell (${findElectron() === null ? 'stand-in for its binary' : 'its real binary'})`,
    run: (report) => journeys(report, { KLAB_SHELL: 'electron' }),
  },
]

async function test(names: string[]): Promise<boolean> {
  const unknown = names.find((name) => !runners.some((runner) => runner.name === name))
  if (unknown !== undefined) {
    complain(`There is no test runner "${unknown}": ${runners.map((r) => r.name).join(', ')}.`)
    return false
  }
  const chosen = runners.filter((runner) => names.length === 0 || names.includes(runner.name))
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports, { recursive: true })
  const total: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }
  for (const runner of chosen) {
    say(`\n— ${runner.title}`)
    const counts = await runner.run(at('build', 'test-reports', `${runner.name}.report`))
    say(`— ${runner.title}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
    total.notes.push(...counts.notes.map((note) => `${note}   [${runner.name}]`))
  }
  say('')
  for (const note of total.notes) say(note)
  if (total.skipped > 0) say(`${total.skipped} skipped: they say above what they lacked`)
  say(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0
}

endOnSignals()
const isReady = (await ensureSystemPackages('test')) && (await buildNative('all')) && (await buildPage())
if (!isReady) {
  say('0 passed, 1 failed')
  process.exitCode = 1
} else process.exitCode = (await test(process.argv.slice(2))) ? 0 : 1
