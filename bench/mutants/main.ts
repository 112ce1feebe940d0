// How many faults the gates notice: every mutant of a kernel of every family through the gates, and the right kernels over
// many seeds. Prints Markdown.
// Run: npm run bench:mutants [-- [--write FILE] [--seeds N] [--most N] [--jobs N] TEXT …]: the variants whose ids hold one of
// the texts, one of each library and function name otherwise; N seeds of each right kernel (100), at most N mutants of each
// (all), in N processes (one a core).
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { listDevices, loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { manifestOf } from '#harness/catalog/resolve-target.ts'
import { Workspace } from '#harness/catalog/workspace.ts'
import { repoRoot } from '#harness/host/repo-root.ts'
import { reportOf } from './report.ts'
import type { Ended, Study } from './study.ts'

const { values, positionals } = parseArgs({
  options: { write: { type: 'string' }, seeds: { type: 'string' }, most: { type: 'string' }, jobs: { type: 'string' } },
  allowPositionals: true,
})
const seeds = Number(values.seeds ?? 100)
const jobs = Number(values.jobs ?? availableParallelism())
const most = Number(values.most ?? Number.POSITIVE_INFINITY)

function must<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (result.ok) return result.value
  console.error(result.error.message)
  process.exit(3)
}

const workspace = must(Workspace.open(repoRoot()))
const { variants } = must(manifestOf(workspace))
const cpu = listDevices(must(loadNativeLibrary())).find(({ id }) => id === 'cpu')
if (!cpu) throw new Error('there is no cpu device: build it with npm run build')
const isAsked = (id: string) => positionals.length === 0 || positionals.some((text) => id.includes(text))
// One template instantiated twice has the same faults twice.
const familyOf = (library: string | undefined, name: string) => `${library} ${name.replaceAll(/\d+/g, '')}`
const chosen = [
  ...new Map(
    variants.filter(({ id }) => isAsked(id)).map((one) => [familyOf(one.library, one.supports.functionName), one.id]),
  ).values(),
]

const start = new Date()
const loadAtStart = loadavg()[0] ?? 0
const studies: Study[] = []
const skipped: { variant: string; skipped: string }[] = []
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repoRoot(), encoding: 'utf8' }).trim()
/** Of what is known by now: a run of many kernels that is stopped has not been for nothing. */
const documentNow = () =>
  reportOf(studies, skipped, [
    `# What the gates notice, ${start.toISOString().slice(0, 10)}`,
    '',
    `\`npm run bench:mutants -- ${process.argv.slice(2).join(' ')}\` at commit ${commit}, ${start.toISOString().slice(11, 16)} UTC:`,
    `${studies.length + skipped.length} of ${chosen.length} kernels. ${cpu.name}; ${cpu.driver}; Node ${process.versions.node}.`,
    `${Math.round((Date.now() - start.getTime()) / 1000)} s in ${jobs} processes, load average ${loadAtStart.toFixed(2)} at the start. Nothing here depends on time.`,
  ])
const waiting = [...chosen]

/** One process takes kernel after kernel from those that wait. */
async function work(): Promise<void> {
  const worker = fork(new URL('./worker.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    worker.send({ id, seeds, most })
    const ended = await answerOf(worker, id)
    if ('study' in ended) studies.push(ended.study)
    else skipped.push(ended)
    const found = 'study' in ended ? `${ended.study.mutants.length} mutants` : ended.skipped
    if (values.write) writeFileSync(values.write, documentNow())
    console.error(`${studies.length + skipped.length} of ${chosen.length} ${id}: ${found}`)
    if (worker.exitCode !== null || worker.signalCode !== null) return work()
  }
  worker.kill()
}

function answerOf(worker: ChildProcess, id: string): Promise<Ended> {
  return new Promise((resolve) => {
    const ended = (how: unknown) => resolve({ variant: id, skipped: `its process ended (${how})` })
    worker.once('exit', ended)
    worker.once('message', (message) => {
      worker.off('exit', ended)
      resolve(message as Ended)
    })
  })
}

await Promise.all(Array.from({ length: jobs }, work))
const order = (id: string) => chosen.indexOf(id)
studies.sort((a, b) => order(a.variant) - order(b.variant))
if (values.write) writeFileSync(values.write, documentNow())
console.log(documentNow())
process.exit(0)
