import type { BenchOptions, Target } from '#contract/ipc.ts'
import type { Flag } from '#contract/manifest.ts'
import { editorPort } from '../editor/editor-port.ts'
import { parseDraft } from '../selection/shape-form.ts'
import { settleTarget, targetGroups } from '../selection/targets.ts'
import type { TargetChoice } from '../state/selection-slice.ts'
import type { State } from '../state/store.ts'

/** The chosen target, or the first that can be run. */
export function currentTarget(state: State): TargetChoice | null {
  const active = state.open.find((document) => document.id === state.activeId) ?? null
  const groups = targetGroups({ variants: state.variants, active, entries: (active && state.entries[active.id]) ?? [] })
  const stillThere =
    state.target?.kind === 'entry' &&
    state.entries[state.target.documentId]?.some((entry) => entry.name === (state.target as { entry: string }).entry)
  return stillThere ? state.target : settleTarget(groups, state.target)
}

/** What a run would be asked to do now; null when the form is not complete. */
export function runOptions(state: State): BenchOptions | null {
  const choice = currentTarget(state)
  const draft = parseDraft(withDtype(state, choice).draft)
  if (!choice || !draft.ok || state.deviceId === null) return null
  const seed = Number(state.seed)
  if (!Number.isInteger(seed) || seed < 0) return null
  const { mode, isCold, data, deviceId: device } = state
  const target = withUnsavedText(state, choice)
  return { target, shape: draft.shape, device, mode, isCold, data, seed, ...tierOption(state) }
}

/** The chosen tier, where the device has it. */
export function tierOption({ devices, deviceId, tier }: State): Pick<BenchOptions, 'tier'> {
  const tiers = devices.find(({ id }) => id === deviceId)?.tiers ?? []
  return tiers.some(({ name, missing }) => name === tier && missing === undefined) ? { tier } : {}
}

/** Flags of the chosen variant that the shape needs and that are off: it would read its operands otherwise. */
export function unclaimedFlags(state: State): Flag[] {
  const choice = currentTarget(state)
  const variant = choice?.kind === 'variant' ? state.variants.find(({ id }) => id === choice.id) : undefined
  if (!variant) return []
  const { tA, tB, bias, accumulate, act, batch, beta } = state.draft
  const needs: Partial<Record<Flag, boolean>> = {
    transposeA: tA,
    transposeB: tB,
    batch: Number(batch) > 1,
    bias,
    accumulate: accumulate || Number(beta) !== 0,
    activation: act !== 'none',
  }
  return variant.flags.filter(({ flag, value }) => needs[flag] && !value).map(({ flag }) => flag)
}

/** A variant has one element type; the form's is that of entries. */
export function withDtype(state: State, choice: TargetChoice | null): Pick<State, 'draft'> {
  const variant =
    choice?.kind === 'variant' ? state.variants.find((candidate) => candidate.id === choice.id) : undefined
  return { draft: variant ? { ...state.draft, dtype: variant.dtype } : state.draft }
}

function withUnsavedText(state: State, choice: TargetChoice): Target {
  const documentId =
    choice.kind === 'entry' ? choice.documentId : state.variants.find((variant) => variant.id === choice.id)?.documentId
  const isDirty = state.open.some((document) => document.id === documentId && document.isDirty)
  const text = isDirty && documentId ? editorPort().text(documentId) : undefined
  return text === undefined ? choice : { ...choice, text }
}

/** A target for people. */
export function targetText(choice: TargetChoice): string {
  return choice.kind === 'variant' ? choice.id : choice.entry
}
