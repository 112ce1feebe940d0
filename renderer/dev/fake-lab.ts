import { fail, ok } from '#contract/error.ts'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { evidenceFileSchema } from '#contract/evidence-file.ts'
import { benchOptionsSchema } from '#contract/ipc/run-options.ts'
import type { EventName, EventPayload, LabClient, LabHandlers, RequestName, RunOutcome } from '#contract/ipc.ts'
import {
  type CatalogVariant,
  type Flag,
  type FlagState,
  type Manifest,
  manifestSchema,
  type Problem,
  provableFlags,
} from '#contract/manifest.ts'
import { countCells, sweepOptionsSchema } from '#contract/sweep.ts'
import { fakeAnalysis } from './fake-analysis.ts'
import { fakeCompile, fakeHash } from './fake-compile.ts'
import { fakeDispatch, fakePeaks } from './fake-dispatch.ts'
import { fakeNodes, fakeTexts } from './fake-files.ts'
import { fakeLanguage } from './fake-language.ts'
import { fakeLint } from './fake-lint.ts'
import { asked, fakeMutants, fakeRefusal } from './fake-mutants.ts'
import { fakeDevices, fakePrecision, fakeShapes } from './fake-results.ts'
import { FakeRowStore } from './fake-row-store.ts'
import { type FakeSize, FakeSweep } from './fake-sweep.ts'

interface Options {
  /** Pause between two progress events. */
  stepMs?: number
  /** Of the matrix; absent: the workspace's own. */
  sweepSize?: FakeSize
  /** Of stored rows; absent: a few. */
  rowCount?: number | undefined
}

/**
 * A lab that answers from a script: for looking at the panels without a host, and for tests of the state. It is not part of
 * the bundle. Variants whose name lacks `bias` fail the proof of bias; a text with `!!` does not compile.
 */
export class FakeLab implements LabClient {
  readonly shell = 'browser'
  readonly texts = new Map(Object.entries(fakeTexts))
  readonly backups = new Map<string, { text: string; baseHash: string }>()
  #listeners = new Map<EventName, Set<(payload: never) => void>>()
  #proven = new Set([
    'm1_optimized/dot_bn128_bias#bias',
    'm1_optimized/dot_bn128_bias#transposeB',
    'm1_optimized/dot_bn128_bias#smallMN',
  ])
  #couldBe = new Map([['sgemm/naive#batch', true]])
  #lastGood: Manifest = manifestSchema.parse(JSON.parse(fakeTexts.manifest ?? '{}'))
  #cancelled = new Set<string>()
  #nextRun = 1
  #stepMs: number
  #rows = new FakeRowStore()
  #sweepSize: FakeSize | undefined
  #sweep = new FakeSweep(
    () => ({ variants: this.#catalog().variants, shapes: fakeShapes, size: this.#sweepSize }),
    ({ matrix: _matrix, options: _options, startedAt: _startedAt, ...progress }, cells) =>
      this.emit('sweep.changed', { ...progress, cells }),
  )

  constructor({ stepMs = 120, sweepSize, rowCount }: Options = {}) {
    this.#rows.fill(rowCount)
    this.#stepMs = stepMs
    this.#sweepSize = sweepSize
  }

  async request(name: RequestName, input: unknown): Promise<never> {
    await Promise.resolve()
    const handler = this.#handlers[name] as (input: unknown) => Promise<unknown>
    return handler(input) as Promise<never>
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener as (payload: never) => void))
    return () => listeners.delete(listener as (payload: never) => void)
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (payload: EventPayload<N>) => void)(payload)
  }

  #handlers: LabHandlers = {
    ...this.#rows.handlers(() => [...this.#sweep.rows.values()]),
    'workspace.open': async () => {
      const nodes = fakeNodes.filter((node) => node.kind === 'folder' || this.texts.has(node.id))
      return ok({ name: 'kernel-lab', root: '/srv/kernel-lab', nodes })
    },
    'catalog.get': async () => ok(this.#catalog()),
    'document.read': async ({ id }) => {
      const text = this.texts.get(id)
      const node = fakeNodes.find((candidate) => candidate.id === id)
      if (text === undefined || !node) return fail({ kind: 'not-found', message: `There is no document ${id}.` })
      return ok({ id, name: node.name, path: node.path, text, hash: fakeHash(text), backup: this.backups.get(id) })
    },
    'document.save': async ({ id, text, baseHash }) => {
      const disk = this.texts.get(id) ?? ''
      if (fakeHash(disk) !== baseHash && disk !== text)
        return fail({ kind: 'conflict', message: 'The file changed on disk.' })
      this.texts.set(id, text)
      if (id === 'm1') this.#proven.clear()
      return ok({ hash: fakeHash(text) })
    },
    'document.create': async ({ parentId, name }) => {
      const node = fakeNodes.find((candidate) => candidate.parentId === parentId && candidate.name === name)
      if (!node || this.texts.has(node.id))
        return fail({ kind: 'unsupported', message: `The scripted lab cannot create ${name}.` })
      this.texts.set(node.id, '')
      return ok({ id: node.id })
    },
    'document.backup': async ({ id, text, baseHash }) => {
      if (text === null) this.backups.delete(id)
      else this.backups.set(id, { text, baseHash })
      return ok({})
    },
    'compile.check': async ({ documentId, text }) => ok(fakeCompile(documentId, text)),
    'devices.list': async () => ok({ devices: fakeDevices }),
    'bench.start': async (input) => {
      const options = benchOptionsSchema.parse(input)
      const variant =
        options.target.kind === 'variant' ? options.target.id : `${options.target.documentId}:${options.target.entry}`
      return this.#run(['compile', 'verify', 'measure'], () => ({
        kind: 'bench',
        row: this.#rows.add({ seed: Date.now() % 1000, variant, shape: options.shape }),
      }))
    },
    'precision.start': async (input) => {
      const options = benchOptionsSchema.parse(input)
      const variant = options.target.kind === 'variant' ? options.target.id : options.target.entry
      return this.#run(['compile', 'run', 'compare'], () => ({
        kind: 'precision',
        report: fakePrecision(variant, options),
      }))
    },
    'analysis.start': async (input) =>
      this.#run(['compile', 'analyse'], () => ({ kind: 'analysis', report: fakeAnalysis(input, this.texts) })),
    'dispatch.inspect': async ({ target, ...query }) =>
      ok(fakeDispatch(target.kind === 'variant' ? target.id : target.entry, query)),
    'device.peaks': async () => ok({ peaks: fakePeaks }),
    'proof.start': async ({ variant, flag, isDry = false }) =>
      this.#run(['compile', 'bound', 'exact', 'sanitizer', 'mutants'], () => this.#prove(variant, flag, isDry)),
    'run.cancel': async ({ runId }) => {
      this.#cancelled.add(runId)
      return ok({})
    },
    'sweep.plan': async (input) => {
      const matrix = this.#sweep.plan(sweepOptionsSchema.parse(input))
      return ok({ matrix, counts: countCells(matrix.cells) })
    },
    'sweep.start': async (input) => {
      if (this.#sweep.status?.state === 'running') return fail({ kind: 'conflict', message: 'A sweep runs already.' })
      return ok(this.#sweep.start(sweepOptionsSchema.parse(input), this.#stepMs))
    },
    'sweep.status': async () => ok({ sweep: this.#sweep.status }),
    'sweep.cancel': async () => {
      this.#sweep.cancel()
      return ok({})
    },
    'flags.list': async () => ok({ flags: this.#catalog().variants.flatMap((variant) => variant.flags) }),
    'flags.unset': async ({ variant, flag }) => {
      this.#write(variant, flag, false)
      return ok({ hash: fakeHash(this.texts.get('manifest') ?? '') })
    },
    'lint.run': async () => ok({ problems: fakeLint }),
    ...fakeLanguage,
    'host.restart': async () => {
      this.emit('host.state', { state: 'ready', restarts: 0 })
      return ok({})
    },
  }

  async #run(phases: string[], outcome: () => RunOutcome) {
    const runId = `run-${this.#nextRun++}`
    const steps = 8
    let step = 0
    const tick = () => {
      if (this.#cancelled.has(runId))
        return this.emit('run.finished', {
          runId,
          outcome: { kind: 'failed', error: { kind: 'cancelled', message: 'Cancelled.' } },
        })
      const phase = phases[Math.min(phases.length - 1, Math.floor((step / steps) * phases.length))] ?? ''
      if (step === steps) return this.emit('run.finished', { runId, outcome: outcome() })
      this.emit('run.progress', { runId, phase, done: step, total: steps, message: `${phase} ${step + 1} of ${steps}` })
      step += 1
      setTimeout(tick, this.#stepMs)
    }
    setTimeout(tick, 0)
    return ok({ runId })
  }

  #prove(variant: string, flag: Flag, isDry: boolean): RunOutcome {
    const isEarned = flag !== 'bias' || variant.includes('bias')
    if (isDry) this.#couldBe.set(`${variant}#${flag}`, isEarned)
    if (isDry && isEarned) {
      const report = { variant, flag, state: 'off' as const, failures: [], gates: [], mutants: fakeMutants }
      return { kind: 'proof', report }
    }
    if (!isEarned)
      return { kind: 'proof', report: { variant, flag, state: this.#state(variant, flag), ...fakeRefusal } }
    this.#write(variant, flag, true)
    this.#proven.add(`${variant}#${flag}`)
    const { devices } = evidenceFileSchema.parse(JSON.parse(fakeTexts.evidence ?? '{}'))
    const record = devices.cpu?.bias as EvidenceRecord
    return {
      kind: 'proof',
      report: { variant, flag, state: 'proven', failures: [], gates: [], evidence: { file: 'evidence.json', record } },
    }
  }

  #write(variant: string, flag: Flag, value: boolean): void {
    const manifest = JSON.parse(this.texts.get('manifest') ?? '{}') as Manifest
    const found = Object.entries(manifest).flatMap(([backend, list]) =>
      list.filter((candidate) => `${backend}/${candidate.name}` === variant),
    )[0]
    if (found) found.supports[flag] = value
    this.#proven.delete(`${variant}#${flag}`)
    this.texts.set('manifest', `${JSON.stringify(manifest, null, 2)}\n`)
  }

  #state(variant: string, flag: Flag): FlagState {
    const [backend = '', name] = variant.split('/')
    const isOn = this.#lastGood[backend]?.find((candidate) => candidate.name === name)?.supports[flag]
    return !isOn ? 'off' : this.#proven.has(`${variant}#${flag}`) ? 'proven' : 'claimed'
  }

  #catalog() {
    const problems: Problem[] = []
    try {
      this.#lastGood = manifestSchema.parse(JSON.parse(this.texts.get('manifest') ?? '{}'))
    } catch (error) {
      problems.push({
        rule: 'manifest.syntax',
        severity: 'error',
        path: 'manifests/variants_enhanced.json',
        message: String(error),
        documentId: 'manifest',
        line: 12,
        column: 5,
      })
    }
    const variants = Object.entries(this.#lastGood).flatMap(([backend, list]) =>
      list.map((variant): CatalogVariant => this.#variant(backend, variant)),
    )
    return { manifestId: 'manifest', variants, isStale: problems.length > 0, shapes: fakeShapes, problems }
  }

  #variant(backend: string, { name, library, enabled, baseline, supports }: Manifest[string][number]): CatalogVariant {
    const id = `${backend}/${name}`
    const documentId = library && { m1_dot_product: 'm1', sgemm_naive: 'naive', sgemm_tiled_simd: 'tiled' }[library]
    const flags = provableFlags.map((flag) => {
      const state = this.#state(id, flag)
      const reason = {
        off: 'false in the manifest',
        claimed: 'true in the manifest, but no evidence was ever written',
        proven: 'evidence of 20 November matches source, entry and compiler',
      }[state]
      const isTrue = state === 'off' ? this.#couldBe.get(`${id}#${flag}`) : undefined
      const couldBe = isTrue === undefined ? {} : { couldBe: { isTrue, ...asked(isTrue) } }
      return { variant: id, flag, value: supports[flag], state, device: 'cpu', reason, ...couldBe }
    })
    return {
      id,
      backend,
      name,
      library,
      documentId,
      functionName: supports.functionName,
      enabled,
      isBaseline: baseline,
      isRunnable: library !== undefined,
      unrunnableReason: library ? undefined : 'The baseline is not a kernel of a library.',
      dtype: backend === 'sgemm' ? 'f32' : 'f16',
      flags,
    }
  }
}
