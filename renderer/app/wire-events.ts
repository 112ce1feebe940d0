import type { LabClient } from '#contract/ipc.ts'
import { isSweepActive } from '#contract/sweep.ts'
import { checkOpenDocuments } from '../commands/check-document.ts'
import { refreshRowsSoon } from '../commands/list-rows.ts'
import { loadDevicesAndRows, loadWorkspace } from '../commands/load-workspace.ts'
import { refreshCatalog } from '../commands/refresh-catalog.ts'
import { followSweep, loadSweep, planSweepSoon } from '../commands/run-sweep.ts'
import { syncDocument } from '../commands/sync-document.ts'
import { forgetAnalysedText, refreshStaleness } from '../commands/watch-analyses.ts'
import { useLab } from '../state/store.ts'

/** Everything the lab tells unasked, wired once. */
export function wireEvents(lab: LabClient): void {
  lab.on('run.progress', (progress) => useLab.getState().progressRun(progress))
  lab.on('run.finished', (finished) => {
    useLab.getState().finishRun(finished)
    if (finished.outcome.kind === 'bench') refreshRowsSoon()
    if (finished.outcome.kind === 'proof') void manifestWritten()
    if (finished.outcome.kind === 'analysis') refreshStaleness()
  })
  lab.on('sweep.changed', (changed) => {
    useLab.getState().changeSweep(changed)
    void followSweep(changed.sweepId)
    // What is left to do is another question now.
    if (!isSweepActive(changed.state)) planSweepSoon()
  })
  lab.on('workspace.changed', ({ documentIds }) => {
    if (documentIds.length === 0) void treeChanged()
    for (const id of documentIds) void syncDocument(id)
    const { open } = useLab.getState()
    for (const id of documentIds) if (!open.some((document) => document.id === id)) forgetAnalysedText(id)
    if (open.some((document) => document.kind === 'header' && documentIds.includes(document.id))) checkOpenDocuments()
  })
  lab.on('catalog.changed', () => {
    void refreshCatalog()
    if (useLab.getState().sweepPlan) planSweepSoon()
  })
  lab.on('host.state', (host) => {
    const wasReady = useLab.getState().host.state === 'ready'
    useLab.getState().setHost(host)
    if (host.state === 'ready' && !wasReady) void hostReady()
  })
  useLab.subscribe((state, old) => {
    if (state.deviceId === old.deviceId) return
    checkOpenDocuments()
    // A flag is proven on a kind of device.
    void refreshCatalog()
    if (state.sweepPlan) planSweepSoon()
  })
}

async function manifestWritten(): Promise<void> {
  const { manifestId } = useLab.getState()
  if (manifestId) await syncDocument(manifestId)
  await refreshCatalog()
}

async function treeChanged(): Promise<void> {
  const missing = useLab.getState().open.filter((document) => document.isMissing)
  await loadWorkspace()
  for (const { id } of missing) await syncDocument(id)
}

/** A new host watches nothing until it is asked for the tree, and files may have changed before that. */
async function hostReady(): Promise<void> {
  await loadWorkspace()
  await Promise.all([loadDevicesAndRows(), refreshCatalog(), loadSweep()])
  for (const { id } of useLab.getState().open) await syncDocument(id)
  checkOpenDocuments()
}
