import type { Problem } from '#contract/manifest.ts'
import type { ListedShape } from '#contract/shape.ts'

/** What a shape list holds, and what could not be read of it. */
export interface ShapeList {
  shapes: ListedShape[]
  warnings: Problem[]
}

/** A problem of a shape list, at a 1-based line. */
export function shapeWarning(path: string, problem: { line: number; rule: string; message: string }): Problem {
  const severity = problem.rule === 'shapes.double' ? 'info' : 'warning'
  return {
    rule: problem.rule,
    severity,
    path,
    message: `line ${problem.line}: ${problem.message}`,
    line: problem.line,
    column: 1,
  }
}
