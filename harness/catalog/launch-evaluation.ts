import type { Formula } from '#contract/launch.ts'
import { evaluateFormula, type FormulaNames } from './formula.ts'

/** Thrown while a launch is planned and caught there, so that twenty formulas need not be twenty branches. */
export class PlanError extends Error {}

/** The formulas of one launch under the names of one shape. Every method throws a PlanError that says where. */
export class LaunchEvaluation {
  readonly names: Record<string, number>
  private readonly where: string

  constructor(names: Record<string, number>, where: string) {
    this.names = names
    this.where = where
  }

  value(formula: Formula, what: string): number {
    const result = evaluateFormula(formula, this.names as FormulaNames)
    if (!result.ok) throw new PlanError(`${this.where}: ${what}: ${result.error.message}`)
    return result.value
  }

  count(formula: Formula, range: { what: string; least: number; most: number }): number {
    const value = this.value(formula, range.what)
    if (!Number.isInteger(value) || value < range.least || value > range.most) {
      this.refuse(
        `${range.what} is ${value}, but must be a whole number from ${range.least} to ${range.most} (formula "${formula}")`,
      )
    }
    return value
  }

  triple(formulas: readonly Formula[], range: { what: string; most: number }): [number, number, number] {
    const [x, y, z] = formulas.map((formula, at) =>
      this.count(formula, { what: `${range.what}.${'xyz'[at]}`, least: 1, most: range.most }),
    )
    return [x as number, y as number, z as number]
  }

  refuse(message: string): never {
    throw new PlanError(`${this.where}: ${message}`)
  }
}
