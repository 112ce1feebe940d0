// How many faults the gates notice: every mutant of a kernel of every family through the gates, and the right kernels over
// many seeds. Prints Markdown.
// Run: npm run bench:mutants [-- [--write FILE] [--seeds N] [--most N] TEXT …]: the variants whose ids hold one of the texts,
// one of each library and function name otherwise; N seeds of each right kernel (100), at most N mutants of each (all).
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { openDevice } from '#harness/bridge/device-handle.ts'
import { loadNativeLibrary } from '#harness/bridge/native-library.ts'
import { manifestOf } from '#harness/catalog/resolve-target.ts'
import { Workspace } from '#harness/catalog/workspace.ts'
import { repoRoot } from '#harness/host/repo-root.ts'
import { reportOf } from './report.ts'
import { type Study, studyKernel } from './study.ts'

const { values, positionals } = parseArgs({
  options: { write: { type: 'string' }, seeds: { type: 'string' }, most: { type: 'string' } },
  allowPositionals: true,
})
const seeds = Number(values.seeds ?? 100)
const most = Number(values.most ?? Number.POSITIVE_INFINITY)

function must<T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T {
  if (result.ok) return result.value
  console.error(result.error.message)
  process.exit(3)
}

const lib = must(loadNativeLibrary())
const device = must(openDevice(lib, 'cpu'))
const workspace = must(Workspace.open(repoRoot()))
const { variants } = must(manifestOf(workspace))
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
const context = { lib, device, workspace, labVersion: '', gitCommit: '', os: process.platform }
const studies: Study[] = []
const skipped: { variant: string; skipped: string }[] = []
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repoRoot(), encoding: 'utf8' }).trim()
/** Of what is known by now: a run of many kernels that is stopped has not been for nothing. */
const documentNow = () =>
  reportOf(studies, skipped, [
    `# What the gates notice, ${start.toISOString().slice(0, 10)}`,
    '',
    `\`npm run bench:mutants -- ${process.argv.slice(2).join(' ')}\` at commit ${commit}, ${start.toISOString().slice(11, 16)} UTC:`,
    `${studies.length + skipped.length} of ${chosen.length} kernels. ${device.info.name}; ${device.info.driver}; Node ${process.versions.node}.`,
    `${Math.round((Date.now() - start.getTime()) / 1000)} s, load average ${loadAtStart.toFixed(2)} at the start. Nothing here depends on time.`,
  ])
for (const [done, id] of chosen.entries()) {
  const ended = await studyKernel(context, { id, seeds, most })
  if ('study' in ended) studies.push(ended.study)
  else skipped.push(ended)
  const found = 'study' in ended ? `${ended.study.mutants.length} mutants` : ended.skipped
  if (values.write) writeFileSync(values.write, documentNow())
  console.error(`${done + 1} of ${chosen.length} ${id}: ${found}`)
}

console.log(documentNow())
device.close()
process.exit(0)
