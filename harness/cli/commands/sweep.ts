import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail, ok, type Result } from '#contract/error.ts'
import type { Problem } from '#contract/manifest.ts'
import { dataModeSchema, modeSchema, type RowStatus } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import { countCells, type SweepQuery } from '#contract/sweep.ts'
import { gapsOf, sweepDocument } from '#contract/sweep-document.ts'
import { type SweepReport, summarise } from '#contract/sweep-summary.ts'
import { claimOf } from '../../catalog/flags.ts'
import type { ShapeList } from '../../catalog/shape-warning.ts'
import { Workspace } from '../../catalog/workspace.ts'
import { shapesOfFile, shapesOfWorkspace } from '../../catalog/workspace-shapes.ts'
import { writeFileAtomic } from '../../store/atomic-file.ts'
import { type PlannedMatrix, planMatrix } from '../../sweep/plan-matrix.ts'
import { type Answer, type Command, type Invocation, listOf, textOf } from '../command.ts'
import { listFlags } from '../device-flags.ts'
import { exitCodeOfRows } from '../exit-code-of-rows.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../output.ts'
import { renderSweep, type SweepFormat, sweepFormats } from '../sweep-report.ts'
import { sweepToEnd } from '../sweep-to-end.ts'

const negative = new Set<RowStatus>(['wrong', 'timeout', 'device-lost', 'failed', 'invalid'])
const invalid = (message: string) => fail({ kind: 'invalid', message })

/** The shapes to sweep over: of --shapes, named from here or from the workspace, else of every list in the workspace. */
function listedShapes(invocation: Invocation, workspace: Workspace): Result<ShapeList> {
  const named = textOf(invocation, 'shapes')
  const file = [resolve(named ?? ''), resolve(workspace.root, named ?? '')].find((path) => existsSync(path))
  const list = named === undefined ? ok(shapesOfWorkspace(workspace)) : shapesOfFile(file ?? resolve(named), named)
  if (!list.ok) return list
  for (const { path, message } of list.value.warnings) invocation.log(`${path}: ${message}`)
  const none =
    named === undefined ? `no shape list in ${workspace.root}; name one with --shapes FILE` : `${named} holds no shapes`
  return list.value.shapes.length > 0 ? list : invalid(none)
}

function readBenchOptions(invocation: Invocation) {
  const mode = modeSchema.safeParse(textOf(invocation, 'mode') ?? 'single')
  const data = dataModeSchema.safeParse(textOf(invocation, 'data') ?? 'random')
  const seed = Number(textOf(invocation, 'seed') ?? '1')
  if (!mode.success) return invalid(`--mode is one of ${modeSchema.options.join(', ')}`)
  if (!data.success) return invalid(`--data is one of ${dataModeSchema.options.join(', ')}`)
  if (!Number.isSafeInteger(seed)) return invalid('--seed is a whole number')
  const { cold, resume } = invocation.values
  return ok({ mode: mode.data, data: data.data, seed, isCold: cold === true, isResumed: resume === true })
}

const endings: Record<string, SweepFormat> = { md: 'markdown', csv: 'csv', json: 'json' }

/** The format asked for, else the one that the ending of --out means. */
function readFormat(invocation: Invocation): Result<SweepFormat> {
  const out = textOf(invocation, 'out')
  const named = textOf(invocation, 'format') ?? endings[out?.split('.').at(-1) ?? ''] ?? 'table'
  const format = sweepFormats.find((one) => one === named)
  return format ? ok(format) : invalid(`--format is one of ${sweepFormats.join(', ')}`)
}

/** Prints the report, or writes it to --out and prints where it is beside the terminal's summary. */
function present(
  invocation: Invocation,
  report: SweepReport,
  answer: { format: SweepFormat; document: unknown; exitCode: number },
): Result<Answer> {
  const { format, document, exitCode } = answer
  const out = textOf(invocation, 'out')
  const rendered = renderSweep(report, format, document)
  if (out === undefined) return ok({ document, text: rendered, exitCode })
  const written = writeFileAtomic(resolve(out), `${rendered}\n`)
  if (!written.ok) return written
  const text = `${renderSweep(report, 'table', document)}\n\nwritten to ${out}`
  return ok({ document, text, exitCode })
}

async function planAnswer(
  invocation: Invocation,
  { matrix, runs }: PlannedMatrix,
  warnings: Problem[],
): Promise<Result<Answer>> {
  const flags = await listFlags(invocation)
  if (!flags.ok) return flags
  const planned = runs.filter((run) => run !== undefined)
  const gaps = gapsOf(matrix)
  const counts = { run: planned.length, gap: gaps.length }
  const rows = planned.map(({ variant, shape, entry, problem }) => ({
    ...{ variant, shape, claim: claimOf(flags.value, { variant, shape }), entry },
    ...(problem === undefined ? {} : { problem }),
    status: 'planned' as const,
  }))
  const lines = rows.map(({ variant, shape, claim, problem }) => [variant, formatShape(shape), claim, problem ?? ''])
  const left = gaps.map(({ variant, shape, reason }) => [variant, formatShape(shape), reason])
  const text = [
    table(['run', 'shape', 'claim', 'problem'], lines),
    left.length > 0 ? table(['gap', 'shape', 'reason'], left) : 'no gaps',
    `${counts.run} to run, ${counts.gap} gaps`,
  ].join('\n\n')
  return ok({ document: { rows, gaps, counts, warnings }, text, exitCode: exitCodes.success })
}

async function runSweep(invocation: Invocation, query: SweepQuery, warnings: Problem[]): Promise<Result<Answer>> {
  const options = readBenchOptions(invocation)
  const format = readFormat(invocation)
  if (!options.ok) return options
  if (!format.ok) return format
  const device = await invocation.device()
  if (!device.ok) return device
  const lab = invocation.lab()
  const ended = await sweepToEnd(lab, { ...query, ...options.value, device: device.value }, invocation.log)
  if (!ended.ok) return ended
  const { progress, matrix } = ended.value
  if (progress.state === 'failed')
    return fail({ kind: 'internal', message: `the sweep ended early: ${progress.reason}; go on with --resume` })
  const ids = matrix.cells.flatMap(({ rowId, again }) => [rowId, again?.rowId].filter((id) => id !== undefined))
  const kept = await lab.request('rows.get', { ids })
  if (!kept.ok) return kept
  const summary = summarise(matrix, kept.value.rows)
  if (progress.state === 'cancelled') invocation.log('cancelled; go on with --resume')
  const report: SweepReport = { summary, progress, nowMs: Date.now() }
  return present(invocation, report, {
    format: format.value,
    document: { ...sweepDocument(report), warnings },
    exitCode:
      progress.state === 'cancelled'
        ? exitCodes.negative
        : exitCodeOfRows([...summary.rows.values()], ({ status }) => negative.has(status)),
  })
}

/** Options that mean nothing beside --plan or --only-gaps, which run nothing: said, rather than passed over. */
function checkOptions({ values }: Invocation): Result<void> {
  const given = (name: string) => values[name] !== undefined
  if (given('plan') && given('only-gaps')) return invalid('--plan names the gaps too: leave --only-gaps out, or --plan')
  if (given('plan') && (given('format') || given('out')))
    return invalid('--plan is printed as text, or with --json: leave --format and --out out')
  if (given('resume') && (given('plan') || given('only-gaps')))
    return invalid('--resume is for a sweep that runs: leave it out beside --plan and --only-gaps')
  return ok(undefined)
}

function reportGaps(invocation: Invocation, planned: PlannedMatrix, warnings: Problem[]): Result<Answer> {
  const format = readFormat(invocation)
  if (!format.ok) return format
  const cells = planned.matrix.cells.filter(({ state }) => state === 'gap')
  const gaps = gapsOf(planned.matrix)
  const counts = countCells(planned.matrix.cells)
  const document = { gaps, counts: { run: counts.waiting, gap: gaps.length }, warnings }
  const report = { summary: summarise({ ...planned.matrix, cells }, []), progress: null, nowMs: Date.now() }
  return present(invocation, report, { format: format.value, document, exitCode: exitCodes.success })
}

export const command: Command = {
  summary: 'bench every enabled variant on every shape it takes, and name the gaps',
  usage:
    '[--variants GLOB] [--filter GLOB|m=1,n>=2048]… [--shapes FILE] [--resume] [--plan | --only-gaps] [--format table|markdown|csv|json] [--out FILE] [--mode M] [--cold] [--data random|legacy|pm1] [--seed S] [--device ID]',
  options: {
    variants: { type: 'string' },
    filter: { type: 'string', multiple: true },
    shapes: { type: 'string' },
    plan: { type: 'boolean' },
    'only-gaps': { type: 'boolean' },
    resume: { type: 'boolean' },
    format: { type: 'string' },
    out: { type: 'string' },
    mode: { type: 'string' },
    cold: { type: 'boolean' },
    data: { type: 'string' },
    seed: { type: 'string' },
  },
  maxPositionals: 0,
  async run(invocation) {
    const checked = checkOptions(invocation)
    if (!checked.ok) return checked
    const workspace = Workspace.open(invocation.workspaceRoot)
    if (!workspace.ok) return workspace
    const list = listedShapes(invocation, workspace.value)
    if (!list.ok) return list
    const variants = textOf(invocation, 'variants')
    const { shapes, warnings } = list.value
    const query = { ...(variants ? { variants } : {}), filter: listOf(invocation, 'filter'), shapes }
    // Whatever is wrong with the question is said before a device is asked for.
    const planned = planMatrix(workspace.value, query)
    if (!planned.ok) return planned
    if (invocation.values['only-gaps'] === true) return reportGaps(invocation, planned.value, warnings)
    if (invocation.values.plan === true) return planAnswer(invocation, planned.value, warnings)
    return runSweep(invocation, query, warnings)
  },
}
