import type { Result } from '#contract/error.ts'
import { ok } from '#contract/error.ts'
import type { Flag } from '#contract/manifest.ts'
import { whyNeverExact } from '../activation.ts'
import { exactShape } from '../exact-match.ts'
import { flops } from '../proof-shapes.ts'
import { cancelledBy } from '../session.ts'
import { prepareTrial, type Trial } from '../trial.ts'
import type { RunContext, RunHooks } from '../types.ts'
import { type WatchedShape, watchedData } from '../watch.ts'
import type { MutantDevice } from './mutant-device.ts'
import type { Kill, MutantRun } from './mutant-run.ts'

/** What nobody noticed on so many shapes that run the faulty line is no fault; on fewer, not below a dozen, where they are large. */
const shapesPerFlag = { most: 48, least: 12 }
/** Multiply-adds of those beyond the dozen; a run costs something of itself. */
const workPerFlag = 8e6
const workOfRun = 2e5
/** ±1 data, on which results are compared exactly, on the first of them: later ones differ in shape, not in kind. */
const exactShapesPerFlag = 4

/** Runs mutants under watch, where nothing that they do can break anything, on small shapes that run the faulty line. */
export class MutantWatch {
  readonly #context: RunContext
  readonly #device: MutantDevice
  readonly #shapes: readonly WatchedShape[]
  readonly #flags: readonly Flag[]
  readonly #trials = new Map<string, Trial>()

  constructor(
    context: RunContext,
    device: MutantDevice,
    watched: { shapes: readonly WatchedShape[]; flags: readonly Flag[] },
  ) {
    this.#context = context
    this.#device = device
    this.#shapes = watched.shapes
    this.#flags = watched.flags
  }

  /** Notes for every flag whether its shapes reach the fault, and who noticed it. */
  async try(run: MutantRun, hooks: RunHooks): Promise<Result<void>> {
    const reaching = this.#reaching(run)
    for (const flag of this.#flags) {
      if (!reaching.some(({ flags }) => flags.has(flag))) run.unreached.add(flag)
    }
    const tried = new Map<Flag, number>()
    const worked = new Map<Flag, number>()
    const isWanted = (flag: Flag) => {
      const shapes = tried.get(flag) ?? 0
      const isEnough = shapes >= shapesPerFlag.least && (worked.get(flag) ?? 0) > workPerFlag
      return run.isOpen(flag) && shapes < shapesPerFlag.most && !isEnough
    }
    const built = new Set<string>()
    for (const left = new Set(reaching); left.size > 0; ) {
      const cancelled = cancelledBy(hooks)
      if (cancelled) return cancelled
      const shape = mostWanted([...left], isWanted, built)
      if (!shape) break
      left.delete(shape)
      built.add(shape.build)
      const isEarly = [...shape.flags].some((flag) => (tried.get(flag) ?? 0) < exactShapesPerFlag)
      const done = await this.#tryOn(run, shape, isEarly)
      if (!done.ok) return done
      // The same code does the same on every shape.
      if (run.builds.get(shape.build)) for (const one of left) if (one.build === shape.build) left.delete(one)
      for (const flag of shape.flags) {
        tried.set(flag, (tried.get(flag) ?? 0) + 1)
        worked.set(flag, (worked.get(flag) ?? 0) + shape.work + workOfRun)
      }
    }
    return ok(undefined)
  }

  /** Watched shapes that run the faulty line. What none is seen to run may have been
   * folded into another: telling ones then, and one of every build. */
  #reaching(run: MutantRun): WatchedShape[] {
    const able = this.#shapes.filter(({ shape }) => run.reaches(shape))
    const isSeen = ({ lines }: WatchedShape) => run.source.places.some((place) => lines.has(place))
    const seen = able.filter(isSeen)
    const small = seen.filter(({ isLarge }) => !isLarge)
    if (small.length > 0) return small
    if (seen.length > 0) return seen
    const ofBuild = new Map([...able].reverse().map((shape) => [shape.build, shape]))
    return able.filter((shape) => shape.isTelling || ofBuild.get(shape.build) === shape)
  }

  async #tryOn(run: MutantRun, watched: WatchedShape, isEarly: boolean): Promise<Result<void>> {
    const kinds = isEarly ? (['pm1', 'random'] as const) : (['random'] as const)
    let isDifferent = false
    for (const data of kinds) {
      const trial = await this.#trial(watched, data)
      if (!trial.ok) return trial
      // A kernel writes the same bits in every order of its threads.
      const { kill, bits, code } = await run.watch(this.#device.handle, trial.value, data === 'random' ? 1 : 0)
      this.#device.replaceIfLost()
      if (run.isInvalid) return ok(undefined)
      run.builds.set(watched.build, code !== '' && code === watched.code)
      isDifferent = data === 'random' && bits !== watched.bits
      if (!kill) continue
      for (const flag of watched.flags) if (!run.kills.has(flag)) run.kills.set(flag, kill)
      return ok(undefined)
    }
    if (isDifferent) {
      const exact = isEarly ? null : await this.#exactKill(run, watched)
      if (exact) for (const flag of watched.flags) if (!run.kills.has(flag)) run.kills.set(flag, exact)
    }
    for (const flag of watched.flags) run.compare(flag, isDifferent)
    return ok(undefined)
  }

  /** Bits that differ on random data may be rounding; on ±1 data they are not, before an activation that bends them. */
  async #exactKill(run: MutantRun, watched: WatchedShape): Promise<Kill | null> {
    const { shape, text } = watched
    const sums =
      whyNeverExact(shape.act) === null
        ? watched
        : { shape: { ...shape, act: 'none' as const }, text: `sums of ${text}` }
    const trial = await this.#trial(sums, 'pm1')
    return trial.ok ? (await run.watch(this.#device.handle, trial.value, 0)).kill : null
  }

  async #trial({ shape, text }: Pick<WatchedShape, 'shape' | 'text'>, data: 'pm1' | 'random'): Promise<Result<Trial>> {
    const key = `${text} ${data}`
    const known = this.#trials.get(key)
    if (known) return ok(known)
    const exact = data === 'pm1' ? exactShape(shape) : shape
    const trial = await prepareTrial(this.#context, exact ?? shape, { ...watchedData, data })
    if (trial.ok) this.#trials.set(key, trial.value)
    return trial
  }
}

/**
 * The shape that speaks for the most flags; of equal ones the one whose build there is already, since building takes longer
 * than most runs, then the larger, which has more edges and more rounds.
 */
function mostWanted(
  shapes: readonly WatchedShape[],
  isWanted: (flag: Flag) => boolean,
  built: ReadonlySet<string>,
): WatchedShape | null {
  const wanted = (flags: ReadonlySet<Flag>) => [...flags].filter(isWanted).length
  let best: { shape: WatchedShape; worth: readonly number[] } | null = null
  for (const shape of shapes) {
    const worth = [wanted(shape.flags), built.has(shape.build) ? 1 : 0, flops(shape.shape)]
    if ((worth[0] ?? 0) > 0 && (!best || isMore(worth, best.worth))) best = { shape, worth }
  }
  return best?.shape ?? null
}

function isMore(a: readonly number[], b: readonly number[]): boolean {
  const differs = a.findIndex((value, i) => value !== b[i])
  return differs >= 0 && (a[differs] ?? 0) > (b[differs] ?? 0)
}
