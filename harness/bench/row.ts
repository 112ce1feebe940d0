import { randomUUID } from 'node:crypto'
import { mathMode } from '#contract/device.ts'
import type { LabError } from '#contract/error.ts'
import { type Identity, otherLayout, type Row, type RowStatus } from '#contract/row.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import type { BenchRequest, RunContext } from '../verify/types.ts'
import { measuringProtocol } from './protocol.ts'
import { briefStopRules } from './stop-rules.ts'

/** The row of a run that has only begun: what is known before its kernel is, and `device-lost` should nothing follow. */
export function beginRow(context: RunContext, request: BenchRequest): Row {
  const { info } = context.device
  const tierAsked = request.tier ?? context.tier
  return {
    id: randomUUID(),
    variant: nameOf(context, request),
    shape: request.shape,
    device: info.id,
    status: 'device-lost',
    reason: 'the kernel host ended before the run did',
    baseline:
      info.baseline === null
        ? { name: 'none', missing: info.baselineMissing ?? 'this device has no baseline' }
        : { name: info.baseline },
    identity: beginIdentity(context, request),
    claim: 'none',
    ...(tierAsked === undefined ? {} : { tierAsked }),
    ...(request.isBrief ? { capNs: briefStopRules.budgetNs } : {}),
    ...(request.isAgain ? { isAgain: true } : {}),
    startedAt: new Date().toISOString(),
    wallNs: 0,
    isCached: false,
  }
}

function nameOf({ workspace }: RunContext, { target }: BenchRequest): string {
  if (typeof target === 'string') return target
  if (target.kind === 'variant') return target.id
  const path = workspace.pathOf(target.documentId)
  return `${path.ok ? workspace.relativePath(path.value) : target.documentId}:${target.entry}`
}

function beginIdentity(context: RunContext, request: BenchRequest): Identity {
  const { info } = context.device
  return {
    sourceHash: '',
    entryHash: '',
    compiler: '',
    flags: '',
    // No run asks for another: it is the device's own default.
    mathMode,
    device: info.name,
    driver: info.driver,
    os: context.os,
    labVersion: context.labVersion,
    gitCommit: context.gitCommit,
    dtype: request.shape.dtype,
    seed: request.seed,
    data: request.data,
    mode: request.mode,
    cache: request.isCold ? 'cold' : 'warm',
    tier: '',
    power: context.power ?? 'unknown',
    coreCount: info.coreCount,
    baseline: info.baseline === null ? 'none' : `${info.baseline} threads=${info.coreCount}`,
    protocol: measuringProtocol(context.lib),
  }
}

/** Adds to a row what is known once its kernel is found. */
export function identifyKernel(row: Row, kernel: ResolvedKernel): void {
  row.variant = kernel.id
  row.identity.sourceHash = kernel.sourceHash
  row.identity.entryHash = kernel.entryHash
  row.identity.dtype = kernel.dtype
  const layout = otherLayout(row.shape, kernel.variant?.transposeBOverride)
  if (layout) row.layout = layout
}

/** Adds to a row how its kernel was compiled. */
export function identifyOp(
  row: Row,
  op: { compiler: string; flagsUsed: string; tier: string; tierReason: string },
): void {
  row.identity.compiler = op.compiler
  row.identity.flags = op.flagsUsed
  row.identity.tier = op.tier
  if (op.tierReason === '') delete row.tierReason
  else row.tierReason = op.tierReason
}

/** Ends a row without times. */
export function failRow(row: Row, error: LabError): void {
  row.status = statusOf(error)
  row.reason = error.message
  row.errorKind = error.kind
  if (error.kind === 'compile') {
    const first = error.diagnostics.find((diagnostic) => diagnostic.severity === 'error')
    if (first) row.location = { file: first.file, line: first.line }
  } else if (error.kind === 'device-lost' && error.file && error.line) {
    row.location = { file: error.file, line: error.line }
  }
}

function statusOf(error: LabError): RowStatus {
  switch (error.kind) {
    case 'timeout':
    case 'device-lost':
    case 'unsupported':
    case 'cancelled':
      return error.kind
    case 'mismatch':
      return 'wrong'
    case 'compile':
    case 'pipeline':
    case 'missing-tool':
    case 'manifest':
    case 'conflict':
    case 'invalid':
    case 'not-found':
    case 'internal':
      return 'failed'
  }
}
