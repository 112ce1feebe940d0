import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail, ok, type Result } from '#contract/error.ts'
import type { RequestInput } from '#contract/ipc.ts'
import type { Problem } from '#contract/manifest.ts'
import { dataModeSchema, type Gap, modeSchema, type Row, type RowStatus } from '#contract/row.ts'
import { formatShape } from '#contract/shape.ts'
import { checkGlob } from '../../catalog/glob.ts'
import type { ShapeList } from '../../catalog/shape-warning.ts'
import { type PlannedRun, planSweep, type SweepPlan } from '../../catalog/sweep-plan.ts'
import type { Workspace } from '../../catalog/workspace.ts'
import { shapesOfFile, shapesOfWorkspace } from '../../catalog/workspace-shapes.ts'
import { type Answer, type Command, type Invocation, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openManifest } from '../open-workspace.ts'
import { table } from '../output.ts'
import { exitCodeOfRows, rowDocument } from '../row-document.ts'
import { runToEnd } from '../run-to-end.ts'

const negative = new Set<RowStatus>(['wrong', 'timeout', 'device-lost', 'failed', 'invalid'])

/** The shapes to sweep over: of --shapes, named from here or from the workspace, else of every list in the workspace. */
function listedShapes(invocation: Invocation, workspace: Workspace): Result<ShapeList> {
  const named = textOf(invocation, 'shapes')
  const file = [resolve(named ?? ''), resolve(workspace.root, named ?? '')].find((path) => existsSync(path))
  const list = named === undefined ? ok(shapesOfWorkspace(workspace)) : shapesOfFile(file ?? resolve(named), named)
  if (!list.ok) return list
  for (const { path, message } of list.value.warnings) invocation.log(`${path}: ${message}`)
  const none =
    named === undefined ? `no shape list in ${workspace.root}; name one with --shapes FILE` : `${named} holds no shapes`
  return list.value.shapes.length > 0 ? list : fail({ kind: 'invalid', message: none })
}

function describeGaps(gaps: readonly Gap[]): string {
  return gaps.length === 0
    ? 'no gaps'
    : table(
        ['gap', 'shape', 'reason'],
        gaps.map(({ variant, shape, reason }) => [variant, formatShape(shape), reason]),
      )
}

function describePlan({ rows, gaps, counts }: SweepPlan): string {
  const runs = rows.map(({ variant, shape, claim, problem }) => [variant, formatShape(shape), claim, problem ?? ''])
  return [
    table(['run', 'shape', 'claim', 'problem'], runs),
    '',
    describeGaps(gaps),
    '',
    `${counts.run} to run, ${counts.gap} gaps`,
  ].join('\n')
}

const rowCells = ({ variant, shape, status, ratio, verdict, claim, reason }: Row) => [
  variant,
  formatShape(shape),
  status,
  ratio ? `${ratio.value.toFixed(3)} [${ratio.low.toFixed(3)}, ${ratio.high.toFixed(3)}]` : '',
  verdict ?? '',
  claim,
  reason ?? '',
]

function readBenchOptions(invocation: Invocation) {
  const mode = modeSchema.safeParse(textOf(invocation, 'mode') ?? 'single')
  const data = dataModeSchema.safeParse(textOf(invocation, 'data') ?? 'random')
  const seed = Number(textOf(invocation, 'seed') ?? '1')
  if (!mode.success) return fail({ kind: 'invalid', message: `--mode is one of ${modeSchema.options.join(', ')}` })
  if (!data.success) return fail({ kind: 'invalid', message: `--data is one of ${dataModeSchema.options.join(', ')}` })
  if (!Number.isSafeInteger(seed)) return fail({ kind: 'invalid', message: '--seed is a whole number' })
  return ok({ mode: mode.data, data: data.data, seed, isCold: invocation.values.cold === true })
}

async function benchRow(invocation: Invocation, request: RequestInput<'bench.start'>): Promise<Result<Row>> {
  const lab = invocation.lab()
  const outcome = await runToEnd(lab, () => lab.request('bench.start', request), invocation.log)
  if (!outcome.ok) return outcome
  if (outcome.value.kind === 'bench') return ok(outcome.value.row)
  return fail(
    outcome.value.kind === 'failed'
      ? outcome.value.error
      : { kind: 'internal', message: `a bench ended as a ${outcome.value.kind}` },
  )
}

async function runPlan(invocation: Invocation, plan: SweepPlan, warnings: Problem[]): Promise<Result<Answer>> {
  const options = readBenchOptions(invocation)
  if (!options.ok) return options
  const device = await invocation.device()
  if (!device.ok) return device
  const rows: Row[] = []
  for (const [at, { variant, shape }] of plan.rows.entries()) {
    invocation.log(`${at + 1}/${plan.rows.length} ${variant} ${formatShape(shape)}`)
    const request = { target: { kind: 'variant' as const, id: variant }, shape, device: device.value, ...options.value }
    const row = await benchRow(invocation, request)
    if (!row.ok) return row
    rows.push(row.value)
    // An interrupt cancels the bench under way and is meant for the sweep.
    if (row.value.status === 'cancelled') break
  }
  const { gaps } = plan
  const counts = { run: rows.length, gap: gaps.length }
  const heading = ['variant', 'shape', 'status', 'kernel/baseline', 'verdict', 'claim', 'reason']
  const text = [
    table(heading, rows.map(rowCells)),
    '',
    describeGaps(gaps),
    '',
    `${counts.run} run, ${counts.gap} gaps`,
  ].join('\n')
  return ok({
    document: { rows: rows.map(rowDocument), gaps, counts, warnings },
    text,
    exitCode: exitCodeOfRows(rows, ({ status }) => negative.has(status)),
  })
}

/** What `--plan` prints of a run: its status says that nothing was run. */
const plannedRow = (run: PlannedRun) => ({ ...run, status: 'planned' as const })

export const command: Command = {
  summary: 'bench every enabled variant on every shape it takes, and name the gaps',
  usage:
    '[--variants GLOB] [--shapes FILE] [--plan] [--mode M] [--cold] [--data random|legacy|pm1] [--seed S] [--device ID]',
  options: {
    variants: { type: 'string' },
    shapes: { type: 'string' },
    plan: { type: 'boolean' },
    mode: { type: 'string' },
    cold: { type: 'boolean' },
    data: { type: 'string' },
    seed: { type: 'string' },
  },
  maxPositionals: 0,
  async run(invocation) {
    const opened = openManifest(invocation.workspaceRoot)
    if (!opened.ok) return opened
    const { workspace, reading } = opened.value
    const glob = textOf(invocation, 'variants')
    const matched = checkGlob(glob, reading)
    if (!matched.ok) return matched
    const shapes = listedShapes(invocation, workspace)
    if (!shapes.ok) return shapes
    const plan = planSweep(workspace, { reading, shapes: shapes.value.shapes, glob })
    if (!plan.ok) return plan
    if (invocation.values.plan !== true) return runPlan(invocation, plan.value, shapes.value.warnings)
    const { rows, gaps, counts } = plan.value
    return ok({
      document: { rows: rows.map(plannedRow), gaps, counts, warnings: shapes.value.warnings },
      text: describePlan(plan.value),
      exitCode: exitCodes.success,
    })
  },
}
