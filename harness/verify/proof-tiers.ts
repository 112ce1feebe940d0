import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { GateResult } from '#contract/evidence.ts'
import type { Shape } from '#contract/shape.ts'
import type { Tier, TierEvidence } from '#contract/tier.ts'
import type { Subject } from './gates.ts'
import type { RunSession } from './session.ts'

/**
 * The tiers of a device in which a kernel has to be right, because a run may choose any of them, and what became of
 * each. Tiers of one build (the same flags) count as one: the first of them that takes the kernel stands for it.
 */
export class ProofTiers {
  readonly #session: RunSession
  readonly #tiers: readonly Tier[]
  readonly #refusals = new Map<string, string>()
  readonly #root: string

  /** Without tiers the kernel is judged as the device runs it. Refusals name files from `root`: evidence is the same anywhere. */
  constructor(session: RunSession, tiers: readonly Tier[], root: string) {
    this.#session = session
    this.#root = root
    this.#tiers = session.kernel.usesDeviceBaseline ? [] : tiers.filter(({ missing }) => missing === undefined)
  }

  /** Names of the tiers that are tried. */
  get names(): string[] {
    return this.#tiers.map(({ name }) => name)
  }

  /** The kernel in every tier that takes the shape; the refusal when none does. */
  async subjects(shape: Shape): Promise<Result<Subject[]>> {
    if (this.#tiers.length === 0) return ok([this.#session.kernelSubject])
    const subjects: Subject[] = []
    const builds = new Set<string>()
    let refusal: LabError | null = null
    for (const { name, flags } of this.#tiers) {
      if (builds.has(flags)) continue
      const subject = this.#session.kernelSubjectIn(name)
      const opened = await subject.open(shape)
      if (!opened.ok && opened.error.kind === 'unsupported') {
        this.refuse(name, opened.error)
        refusal = opened.error
        continue
      }
      builds.add(flags)
      subjects.push(subject)
    }
    return subjects.length === 0 && refusal ? fail(refusal) : ok(subjects)
  }

  /** Notes that a tier did not run a shape. */
  refuse(tier: string, { message }: LabError): void {
    if (!this.#refusals.has(tier)) this.#refusals.set(tier, message.replaceAll(`${this.#root}/`, ''))
  }

  /** What the gates saw of each tier; undefined where there are none. */
  evidence(gates: readonly GateResult[]): TierEvidence[] | undefined {
    if (this.#tiers.length === 0) return undefined
    return this.#tiers.flatMap(({ name, flags }) => {
      const refusal = this.#refusals.get(name)
      const own = gates.filter(({ tier, gate }) => tier === name && gate === 'bound')
      if (own.length === 0 && refusal === undefined) return []
      const margins = own.map(({ margin }) => margin ?? 0)
      const shapes = new Set(own.map(({ shape }) => shape)).size
      const worstMargin = own.length === 0 ? null : Math.max(...margins)
      return [{ tier: name, flags, shapes, worstMargin, ...(refusal === undefined ? {} : { refusal }) }]
    })
  }
}
