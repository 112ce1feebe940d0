import type { ComponentType } from 'react'
import { AnalysisPanel } from '../analysis/analysis-panel.tsx'
import { BenchPanel } from '../bench/bench-panel.tsx'
import { DispatchPanel } from '../dispatch/dispatch-panel.tsx'
import { ManifestPanel } from '../manifest/manifest-panel.tsx'
import { PrecisionPanel } from '../precision/precision-panel.tsx'
import { type WorkbenchTab, workbenchTabs } from '../state/layout-slice.ts'
import { useLab } from '../state/store.ts'
import { SweepPanel } from '../sweep/sweep-panel.tsx'
import { Tabs } from '../ui/tabs.tsx'

const panels: Record<WorkbenchTab, { label: string; Panel: ComponentType }> = {
  bench: { label: 'Bench', Panel: BenchPanel },
  precision: { label: 'Precision', Panel: PrecisionPanel },
  analysis: { label: 'Analysis', Panel: AnalysisPanel },
  dispatch: { label: 'Dispatch', Panel: DispatchPanel },
  manifest: { label: 'Manifest', Panel: ManifestPanel },
  sweep: { label: 'Sweep', Panel: SweepPanel },
}

/** The panels in which a kernel is judged. */
export function Workbench() {
  const tab = useLab((state) => state.tab)
  const setLayout = useLab((state) => state.setLayout)
  const { Panel } = panels[tab]
  return (
    <section className="workbench" aria-label="Workbench">
      <div className="workbench-head">
        <Tabs
          label="Workbench"
          tabs={workbenchTabs.map((id) => ({ id, label: panels[id].label }))}
          active={tab}
          panelId={(id) => `panel-${id}`}
          onSelect={(next) => setLayout({ tab: next })}
        />
      </div>
      <div className="workbench-panel" id={`panel-${tab}`} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <Panel />
      </div>
    </section>
  )
}
