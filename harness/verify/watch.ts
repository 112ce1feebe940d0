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
import { flops, outputs } from './proof-shapes.ts'
import type { Trial } from './trial.ts'

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
    const output = bound.value.read()
    return output.ok ? ok({ document: document.value, output: output.value }) : output
  } finally {
    if (!device.isLost) buffers.destroy()
  }
}

/** A shape that is run under watch, for the flags whose proofs asked for it. */
export interface WatchedShape {
  shape: Shape
  text: string
  flags: Set<Flag>
  /** One of the few that between them show the most: run in a second order too. */
  isTelling: boolean
  /** Beyond what is watched of itself: for lines that no other shape runs. */
  isLarge: boolean
  /** `file:line` of everything that ran. */
  lines: Set<string>
  /** Hash of what the kernel wrote, on the trial that it was watched on. */
  bits: string
}

/** What every shape is watched on. */
export const watchedData = { data: 'random', seed: 1 } as const

/** Watching costs some ten times the run; a shape within this takes milliseconds. */
const affordable = { flops: 1e6, outputs: 6000 }
const mostTellingShapes = 12

/** Which build of the kernel a shape runs: entry and function constants. */
function buildOf(kernel: ResolvedKernel, shape: Shape): string {
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
  return [buildOf(kernel, shape), ...axes]
}

/** The shapes that between them show the most of what all show; of equal ones the larger. */
function mostTelling(kernel: ResolvedKernel, shapes: readonly Shape[], most: number): Shape[] {
  const left = shapes.map((shape) => ({ shape, traits: traitsOf(kernel, shape) })).reverse()
  const seen = new Set<string>()
  const chosen: Shape[] = []
  while (chosen.length < most && left.length > 0) {
    const worth = left.map(({ traits }) => traits.filter((trait) => !seen.has(trait)).length)
    const best = Math.max(...worth)
    if (best === 0) break
    const [one] = left.splice(worth.indexOf(best), 1)
    if (!one) break
    for (const trait of one.traits) seen.add(trait)
    chosen.push(one.shape)
  }
  return chosen
}

/**
 * Shapes of a proof that can be run under watch, those of several flags once, the cheapest first. Where all of a flag's are
 * large, its cheapest.
 */
export function shapesToWatch(
  kernel: ResolvedKernel,
  asked: readonly { flag: Flag; shapes: readonly Shape[] }[],
): WatchedShape[] {
  const watched = new Map<string, WatchedShape>()
  for (const { flag, shapes } of asked) {
    const byCost = [...shapes].sort((a, b) => flops(a) - flops(b))
    const cheap = byCost.filter((shape) => flops(shape) <= affordable.flops && outputs(shape) <= affordable.outputs)
    const own = cheap.length > 0 ? cheap : byCost.slice(0, 1)
    const telling = new Set(mostTelling(kernel, own, mostTellingShapes))
    for (const shape of own) {
      const text = formatShape(shape)
      const known = watched.get(text) ?? unwatched(shape, text)
      watched.set(text, known)
      known.flags.add(flag)
      known.isTelling ||= telling.has(shape)
    }
  }
  return [...watched.values()].sort((a, b) => flops(a.shape) - flops(b.shape))
}

/** Shapes of a proof beyond those that are watched anyway: the most telling, the cheapest first. */
export function largerShapes(
  kernel: ResolvedKernel,
  asked: readonly { flag: Flag; shapes: readonly Shape[] }[],
  { known, most }: { known: readonly WatchedShape[]; most: number },
): WatchedShape[] {
  const isKnown = new Set(known.map(({ text }) => text))
  const left = new Map(asked.flatMap(({ shapes }) => shapes.map((shape) => [formatShape(shape), shape] as const)))
  for (const text of isKnown) left.delete(text)
  const byCost = [...left.values()].sort((a, b) => flops(a) - flops(b))
  return mostTelling(kernel, byCost, most)
    .sort((a, b) => flops(a) - flops(b))
    .map((shape) => {
      const text = formatShape(shape)
      const flags = asked.filter(({ shapes }) => shapes.some((one) => formatShape(one) === text))
      return { ...unwatched(shape, text), flags: new Set(flags.map(({ flag }) => flag)), isLarge: true }
    })
}

function unwatched(shape: Shape, text: string): WatchedShape {
  return { shape, text, flags: new Set(), isTelling: false, isLarge: false, lines: new Set(), bits: '' }
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
