import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Result } from '#contract/error.ts'
import { launchFileSchema } from '#contract/launch.ts'
import { planLaunch } from './plan-launch.ts'
import { resolveTarget } from './resolve-target.ts'
import type { LaunchPlan } from './types.ts'
import { Workspace } from './workspace.ts'
import { expectValue, shapeOf } from './workspace-fixture.ts'

const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, 'kernels')
const workspace = expectValue(Workspace.open(repository))

const targets = readdirSync(folder)
  .filter((name) => name.endsWith('.launch.json'))
  .flatMap((name) => {
    const { entries } = launchFileSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    return Object.keys(entries).map((entry) => `kernels/${name.replace('.launch.json', '.metal')}:${entry}`)
  })

const told = (plan: Result<LaunchPlan>) => plan.ok && { ...plan.value, isBTransposed: null }

describe('the layout of B that a bare entry is given', () => {
  it.each(targets)('is one that %s was written for', (target) => {
    const kernel = expectValue(resolveTarget(workspace, target))
    const [stored, transposed] = [false, true].map((tB) =>
      planLaunch(kernel, shapeOf({ m: 1, n: 3, k: 5, tB, dtype: kernel.dtype })),
    ) as [Result<LaunchPlan>, Result<LaunchPlan>]
    expect([stored, transposed].some((plan) => plan.ok)).toBe(true)
    for (const plan of [stored, transposed])
      if (!plan.ok) expect(plan.error.message).toMatch(/b_is_n_by_k=0|transposeB not supported/)
    // A kernel that is told the same of both cannot read both.
    if (stored.ok && transposed.ok) expect(isDeepStrictEqual(told(stored), told(transposed))).toBe(false)
  })
})
