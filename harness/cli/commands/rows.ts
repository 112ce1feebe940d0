import { fail, ok } from '#contract/error.ts'
import { formatAge, formatNs, formatRatio } from '#contract/quantity-text.ts'
import type { Row } from '#contract/row.ts'
import { rowDocument } from '#contract/row-document.ts'
import { formatShape } from '#contract/shape.ts'
import { matchesVariant } from '../../catalog/glob.ts'
import { type Command, textOf } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../output.ts'
import { describeRow } from '../row-text.ts'

const defaultLimit = 20
const mostRows = 100_000

const percent = (share: number | undefined) => (share === undefined ? '' : `${(share * 100).toPrecision(3)} %`)

/** A row names a variant or FILE:ENTRY; both have a part before the last slash. */
function matches(glob: string, variant: string): boolean {
  const at = variant.lastIndexOf('/')
  return matchesVariant(glob, { id: variant, backend: variant.slice(0, Math.max(at, 0)), name: variant.slice(at + 1) })
}

function cellsOf(row: Row, nowMs: number): string[] {
  const { kernel, ratio } = row
  return [
    `${formatAge(row.startedAt, nowMs)} ago`,
    row.variant,
    `${formatShape(row.shape)}${row.layout ? ` (B as ${row.layout.b})` : ''}`,
    `${row.device}, ${row.identity.mode}, ${row.identity.cache}`,
    row.status,
    kernel ? formatNs(kernel.gpuNs ?? kernel.cpuNs ?? (kernel.lowNs + kernel.highNs) / 2) : '',
    ratio ? formatRatio(ratio) : '',
    row.verdict ?? '',
    percent(kernel?.roofFraction),
    row.identity.gitCommit,
    row.id.slice(0, 8),
  ]
}

export const command: Command = {
  summary: 'list what was measured before, with its age; nothing is measured',
  usage: '[--variant GLOB] [--limit N] [--id ID]',
  options: { variant: { type: 'string' }, limit: { type: 'string' }, id: { type: 'string' } },
  maxPositionals: 0,
  async run(invocation) {
    const limit = Number(textOf(invocation, 'limit') ?? defaultLimit)
    if (!Number.isInteger(limit) || limit < 1)
      return fail({ kind: 'invalid', message: '--limit must be a whole number above 0' })
    const glob = textOf(invocation, 'variant')
    const id = textOf(invocation, 'id')
    const isFiltered = glob !== undefined || id !== undefined
    const listed = await invocation.lab().request('rows.list', { limit: isFiltered ? mostRows : limit })
    if (!listed.ok) return listed
    const rows = listed.value.rows
      .filter((row) => (glob === undefined || matches(glob, row.variant)) && (!id || row.id.startsWith(id)))
      .slice(0, limit)
    if (id !== undefined && rows.length === 0) return fail({ kind: 'not-found', message: `no row has the id ${id}` })
    if (glob !== undefined && rows.length === 0 && listed.value.rows.length > 0)
      return fail({ kind: 'not-found', message: `no row of ${listed.value.rows.length} is of a variant like ${glob}` })
    const nowMs = Date.now()
    const documents = rows.map((row) => ({
      ...rowDocument(row),
      ageMs: Math.max(0, nowMs - Date.parse(row.startedAt)),
    }))
    return ok({
      document: { rows: documents },
      text: textOfRows(rows, { nowMs, isOne: id !== undefined }),
      exitCode: exitCodes.success,
    })
  },
}

function textOfRows(rows: readonly Row[], { nowMs, isOne }: { nowMs: number; isOne: boolean }): string {
  if (rows.length === 0) return 'nothing was measured yet'
  if (isOne)
    return rows.map((row) => `measured ${formatAge(row.startedAt, nowMs)} ago\n${describeRow(row)}`).join('\n\n')
  const heading = [
    'measured',
    'variant',
    'shape',
    'on',
    'status',
    'kernel',
    'kernel/baseline',
    'verdict',
    'of roof',
    'commit',
    'id',
  ]
  return table(
    heading,
    rows.map((row) => cellsOf(row, nowMs)),
  )
}
