import { createHash } from 'node:crypto'
import type { AnalysisDocument, Finding } from '#contract/analysis.ts'
import { ok, type Result } from '#contract/error.ts'
import type { Flag } from '#contract/manifest.ts'
import { formatShape, type Shape } from '#contract/shape.ts'
import { analyseDispatch, type Pass } from '../analyse/analyse-dispatch.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import { planLaunch } from '../catalog/plan-launch.ts'
import type { ResolvedKernel } from '../catalog/types.ts'
import type { Elements } from './float-formats.ts'
import type { RunnableOp } from './kernel-ops.ts'
import { OperandBuffers } from './operand-buffers.ts'
import { outputs } from './proof-shapes.ts'
import type { Trial } from './trial.ts'
import { workOf } from './work.ts'

/** What is looked for; counting lines tells which of them a shape runs. */
export const watchedChecks = ['bounds', 'races', 'uninitialised', 'barriers'] as const

/** Runs an op once under watch, on buffers of its own: what was seen, and what it wrote. */
export async function watchTrial(
  device: DeviceHandle,
  { trial, runnable }: { trial: Trial; runnable: RunnableOp },
  pass: Pass,
): Promise<Result<{ document: AnalysisDocument; output: Elements }>> {
  const buffers = new OperandBuffers(device, trial.operands, { hasUndefinedOutputs: true })
  try {
    const bound = await buffers.bind(runnable)
    if (!bound.ok) return bound
    const reset = bound.value.reset('undefined')
    if (!reset.ok) return reset
    const document = await analyseDispatch(device, bound.value.dispatch, pass)
    if (!document.ok) return document
    const read = bound.value.read()
    return read.ok ? ok({ document: document.value, output: read.value.output }) : read
  } finally {
    if (!device.isLost) buffers.destroy()
  }
}

/** A shape that is run under watch, for the flags whose proofs asked for it. */
export interface WatchedShape {
  shape: Shape
  text: string
  /** Which build of the kernel it runs. */
  build: string
  /** Multiply-adds, see workOf. */
  work: number
  flags: Set<Flag>
  /** One of the few that between them show the most: run in a second order too. */
  isTelling: boolean
  /** Beyond what is watched of itself: for lines that no other shape runs. */
  isLarge: boolean
  /** `file:line` of everything that ran. */
  lines: Set<string>
  /** Hash of the code that the build was compiled to; '' before it was watched. */
  code: string
  /** Hash of what the kernel wrote, on the trial that it was watched on. */
  bits: string
}

/** What every shape is watched on. */
export const watchedData = { data: 'random', seed: 1 } as const

/** Watching costs some ten times the run; a shape within this takes milliseconds. `work` is in multiply-adds. */
const affordable = { work: 1e6, outputs: 6000 }
/** Of the shapes beyond, for lines that no other runs. */
const affordableLarger = 1.6e7
const mostTellingShapes = 12
/** Watched for one flag: a dozen in any case, then for as long as there is work left. A run costs something of itself. */
const workOfFlag = 3.2e7
const workOfRun = 5e5

/** Which build of the kernel a shape runs: entry and function constants. */
export function buildOf(kernel: ResolvedKernel, shape: Shape): string {
  const plan = planLaunch(kernel, shape)
  return plan.ok ? JSON.stringify([plan.value.entry, plan.value.constants]) : ''
}

/** What tells shapes apart for a kernel: its build, the size of every extent, and how far it can be divided by two. */
function traitsOf(kernel: ResolvedKernel, shape: Shape): string[] {
  const axes = (['m', 'n', 'k', 'batch'] as const).flatMap((axis) => {
    const extent = shape[axis]
    const halvings = Math.min(5, Math.log2(extent & -extent))
    return [`${axis} ${Math.floor(Math.log2(extent))}`, `${axis} / ${halvings}`]
  })
  const build = buildOf(kernel, shape)
  // Loads and stores of four at a time, and their tails, in every build.
  const vectors = (['m', 'n', 'k'] as const).map((axis) => {
    const extent = shape[axis]
    return `${build} ${axis} ${extent % 4 === 0} ${extent > 4}`
  })
  return [build, ...vectors, ...axes]
}

/**
 * The shapes that between them show the most of what all show come first; once all has been shown it is shown again. Of
 * equal ones the larger.
 */
export function* inTellingOrder(
  kernel: ResolvedKernel,
  shapes: readonly Shape[],
): Generator<{ shape: Shape; isNew: boolean }> {
  const left = shapes.map((shape) => ({ shape, traits: traitsOf(kernel, shape) })).reverse()
  let seen = new Set<string>()
  for (let isNew = true; left.length > 0; ) {
    const worth = left.map(({ traits }) => traits.filter((trait) => !seen.has(trait)).length)
    const best = Math.max(...worth)
    if (best === 0) {
      seen = new Set()
      isNew = false
      continue
    }
    const [one] = left.splice(worth.indexOf(best), 1)
    if (!one) return
    for (const trait of one.traits) seen.add(trait)
    yield { shape: one.shape, isNew }
  }
}

/** What is watched for one flag, of what is affordable: the telling ones, and more for as long as they cost little. */
function chosenToWatch(kernel: ResolvedKernel, shapes: readonly Shape[]): { shape: Shape; isTelling: boolean }[] {
  const chosen: { shape: Shape; isTelling: boolean }[] = []
  let work = 0
  for (const { shape, isNew } of inTellingOrder(kernel, shapes)) {
    const isTelling = isNew && chosen.length < mostTellingShapes
    if (!isTelling && work > workOfFlag) break
    work += workOf(kernel, shape) + workOfRun
    chosen.push({ shape, isTelling })
  }
  return chosen
}

/**
 * Shapes of a proof to be run under watch, those of several flags once, the cheapest first: of the affordable ones as many
 * as the work allows, as different as they come. Where all of a flag's are large, its cheapest.
 */
export function shapesToWatch(
  kernel: ResolvedKernel,
  asked: readonly { flag: Flag; shapes: readonly Shape[] }[],
): WatchedShape[] {
  const watched = new Map<string, WatchedShape>()
  for (const { flag, shapes } of asked) {
    const byCost = byWork(kernel, shapes)
    const cheap = byCost.filter(
      (shape) => workOf(kernel, shape) <= affordable.work && outputs(shape) <= affordable.outputs,
    )
    for (const { shape, isTelling } of chosenToWatch(kernel, cheap.length > 0 ? cheap : byCost.slice(0, 1))) {
      const text = formatShape(shape)
      const known = watched.get(text) ?? unwatched(kernel, shape)
      watched.set(text, known)
      known.flags.add(flag)
      known.isTelling ||= isTelling
    }
  }
  // A shape that another flag asked for as well is watched for both.
  for (const { flag, shapes } of asked) for (const shape of shapes) watched.get(formatShape(shape))?.flags.add(flag)
  return [...watched.values()].sort((a, b) => a.work - b.work)
}

const byWork = (kernel: ResolvedKernel, shapes: readonly Shape[]) =>
  [...shapes].sort((a, b) => workOf(kernel, a) - workOf(kernel, b))

/** Shapes of a proof beyond those that are watched anyway: the most telling, the cheapest first. */
export function largerShapes(
  kernel: ResolvedKernel,
  asked: readonly { flag: Flag; shapes: readonly Shape[] }[],
  { known, most }: { known: readonly WatchedShape[]; most: number },
): WatchedShape[] {
  const isKnown = new Set(known.map(({ text }) => text))
  const left = new Map(asked.flatMap(({ shapes }) => shapes.map((shape) => [formatShape(shape), shape] as const)))
  for (const text of isKnown) left.delete(text)
  const affordableLeft = [...left.values()].filter((shape) => workOf(kernel, shape) <= affordableLarger)
  const different: Shape[] = []
  for (const { shape } of inTellingOrder(kernel, byWork(kernel, affordableLeft))) {
    if (different.length === most) break
    different.push(shape)
  }
  return byWork(kernel, different).map((shape) => {
    const text = formatShape(shape)
    const flags = asked.filter(({ shapes }) => shapes.some((one) => formatShape(one) === text))
    return { ...unwatched(kernel, shape), flags: new Set(flags.map(({ flag }) => flag)), isLarge: true }
  })
}

function unwatched(kernel: ResolvedKernel, shape: Shape): WatchedShape {
  const own = { shape, text: formatShape(shape), build: buildOf(kernel, shape), work: workOf(kernel, shape) }
  return { ...own, flags: new Set(), isTelling: false, isLarge: false, lines: new Set(), code: '', bits: '' }
}

/** Hash of an output's bits. */
export function hashOutput({ buffer, byteOffset, byteLength }: Elements): string {
  return createHash('sha1')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('base64')
}

/** A finding in a few words: `race in line 57`. */
export function briefly({ kind, file, line }: Finding, kernelPath: string): string {
  return `${kind} in ${file === kernelPath ? '' : `${file.slice(file.lastIndexOf('/') + 1)} `}line ${line}`
}
