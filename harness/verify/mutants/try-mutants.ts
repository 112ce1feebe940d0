import { ok, type Result } from '#contract/error.ts'
import { byPlace } from '#contract/evidence-file.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Mutant } from '#contract/mutant.ts'
import type { Shape } from '#contract/shape.ts'
import type { ResolvedKernel } from '../../catalog/types.ts'
import type { RunContext, RunHooks } from '../types.ts'
import type { WatchedShape } from '../watch.ts'
import { kernelFiles } from './kernel-files.ts'
import { MutantDevice } from './mutant-device.ts'
import { MutantRun } from './mutant-run.ts'
import { chooseMutants, type MutantSource, mutantsOf, precisionOperators } from './mutate.ts'
import { MutantWatch } from './watch-mutants.ts'

/** What gate 6 asks: would the gates of these flags have noticed a fault in this kernel? */
export interface MutantQuery {
  kernel: ResolvedKernel
  flags: readonly { flag: Flag; shapes: readonly Shape[] }[]
  /** Shapes that the kernel was watched on, clean. */
  watched: readonly WatchedShape[]
  /** How many mutants to try; those of one operator are taken from different places. */
  most: number
}

/** The kill list of each flag, sorted by place. */
export type KillLists = Map<Flag, Mutant[]>

/** Entries that the shapes of a proof run. */
function entriesOf({ kernel, flags }: MutantQuery): string[] {
  return [...new Set(flags.flatMap(({ shapes }) => shapes.map((shape) => kernel.entryFor(shape))))]
}

/** Mutants to try, of what those entries reach, the same ones every time: first those in lines that are seen to run. */
function sourcesOf(query: MutantQuery): MutantSource[] {
  const all = mutantsOf(kernelFiles(query.kernel), entriesOf(query))
  const ran = new Set(query.watched.flatMap(({ lines }) => [...lines]))
  const isSeen = ({ places }: MutantSource) => places.some((place) => ran.has(place))
  const chosen = chooseMutants(all.filter(isSeen), query.most)
  const others = all.filter((mutant) => !isSeen(mutant))
  return [...chosen, ...chooseMutants(others, query.most - chosen.length)]
}

/**
 * Puts faults into the kernel's source, one at a time, and sees whether the gates of each flag notice. Mutants run under
 * watch only, where an access that goes astray is a finding and not a crash, on the shapes that run the faulty line.
 */
export async function tryMutants(context: RunContext, query: MutantQuery, hooks: RunHooks): Promise<Result<KillLists>> {
  const files = kernelFiles(query.kernel)
  const device = new MutantDevice(context)
  const flags = query.flags.map(({ flag }) => flag)
  const watch = new MutantWatch(context, device, { shapes: query.watched, flags })
  const runs: MutantRun[] = []
  const sources = sourcesOf(query)
  try {
    for (const [done, source] of sources.entries()) {
      hooks.progress('mutants', done, sources.length, `${source.id}: ${source.change}`)
      const run = new MutantRun(source, query.kernel, files)
      runs.push(run)
      const tried = await watch.try(run, hooks)
      if (!tried.ok) return tried
    }
    return ok(killLists(query, runs))
  } finally {
    for (const run of runs) run.destroy()
    device.close()
  }
}

function killLists(query: MutantQuery, runs: readonly MutantRun[]): KillLists {
  const valid = runs.filter(({ isInvalid }) => !isInvalid)
  return new Map(
    query.flags.map(({ flag }) => {
      const isNoticed = ({ source, kills }: MutantRun) => precisionOperators.has(source.operator) && kills.has(flag)
      const seesPrecision = valid.some(isNoticed)
      const watched = query.watched.filter(({ flags }) => flags.has(flag))
      const list = valid.map((run) => run.verdict(flag, unnoticedOf(run, flag, { seesPrecision, watched })))
      return [flag, list.sort(byPlace)]
    }),
  )
}

/**
 * What a mutant that no gate noticed is: no fault, one in a line that is not seen to run, or one that survived. On ±1 data
 * every order of summation gives the same bits, so a mutant that differs on random data alone, within the bound, adds the
 * same terms in another order. That it may be as imprecise as a half is only said where the bound notices halves at all.
 */
function unnoticedOf(
  run: MutantRun,
  flag: Flag,
  { seesPrecision, watched }: { seesPrecision: boolean; watched: readonly WatchedShape[] },
): Pick<Mutant, 'outcome' | 'reason'> {
  const { source, compared } = run
  const { inputs = 0, differing = 0 } = compared.get(flag) ?? {}
  if (differing > 0) {
    const reason = `other bits on ${differing} of ${inputs} inputs, all of random data and within the bound`
    if (!precisionOperators.has(source.operator) || seesPrecision) return { outcome: 'equivalent', reason }
    return { outcome: 'survived', reason: `${reason}: the bound does not notice half precision` }
  }
  const builds = new Set(watched.filter(({ shape }) => run.reaches(shape)).map(({ build }) => build))
  if (builds.size > 0 && [...builds].every((build) => run.builds.get(build)))
    return { outcome: 'equivalent', reason: `the same code in ${builds.size} builds` }
  // Bits that are the same say nothing of a fault that did not run.
  if (inputs === 0 || !watched.some(({ lines }) => source.places.some((place) => lines.has(place)))) {
    const reason = `none of the ${watched.length} watched shapes is seen to run line ${source.line}`
    return { outcome: 'untested', reason }
  }
  return { outcome: 'equivalent', reason: `the same bits and nothing seen on ${inputs} shapes` }
}
