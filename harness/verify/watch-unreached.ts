import { ok, type Result } from '#contract/error.ts'
import type { Flag } from '#contract/manifest.ts'
import type { Shape } from '#contract/shape.ts'
import { KernelOps } from './kernel-ops.ts'
import { accessLines } from './mutants/access-lines.ts'
import { kernelFiles } from './mutants/kernel-files.ts'
import { type Watched, watchShape } from './sanitize.ts'
import { cancelledBy, type RunSession } from './session.ts'
import type { RunContext, RunHooks } from './types.ts'
import { largerShapes, type WatchedShape } from './watch.ts'

/** Watching costs some ten times the run: for so many shapes, of the proof's that were too large before. */
const mostLarger = 8

/**
 * Watches larger shapes of a proof for as long as a line that indexes memory has been seen to run on none: the most
 * different first. What then remains is named, for each flag, in `unwatched`.
 */
export async function watchUnreached(
  context: RunContext,
  query: { session: RunSession; asked: readonly { flag: Flag; shapes: readonly Shape[] }[]; watched: Watched },
  hooks: RunHooks,
): Promise<Result<Watched>> {
  const { session, asked, watched } = query
  if (watched.skipped !== undefined || watched.findings.length > 0 || asked.length === 0) return ok(watched)
  const files = kernelFiles(session.kernel)
  const wanted = new Map(
    asked.map(({ flag, shapes }) => [
      flag,
      accessLines(files, [...new Set(shapes.map((shape) => session.kernel.entryFor(shape)))]),
    ]),
  )
  const shapes = [...watched.shapes]
  const findings: Watched['findings'] = []
  const openLines = (flag: Flag) => unreachedLines(wanted.get(flag) ?? [], flag, shapes)
  const ops = new KernelOps(context.device, session.kernel, { isAnalysed: true })
  try {
    const larger = largerShapes(session.kernel, asked, { known: watched.shapes, most: mostLarger })
    for (const [done, shape] of larger.entries()) {
      if (![...shape.flags].some((flag) => openLines(flag).length > 0)) continue
      const cancelled = cancelledBy(hooks)
      if (cancelled) return cancelled
      hooks.progress('sanitizer', done, larger.length, shape.text)
      const found = await watchShape(context, ops, shape)
      if (!found.ok) return cancelledBy(hooks) ?? found
      shapes.push(shape)
      findings.push(...found.value.map((finding) => ({ shape: shape.text, finding })))
      if (findings.length > 0) break
    }
  } finally {
    if (!context.device.isLost) ops.destroy()
  }
  const unwatched = new Map(asked.map(({ flag }) => [flag, openLines(flag)]))
  return ok({ ...watched, shapes, findings, unwatched })
}

function unreachedLines(lines: readonly string[], flag: Flag, shapes: readonly WatchedShape[]): string[] {
  const own = shapes.filter(({ flags }) => flags.has(flag))
  return lines.filter((line) => !own.some((shape) => shape.lines.has(line)))
}
