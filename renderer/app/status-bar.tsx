import type { Device } from '#contract/device.ts'
import { isSweepActive } from '#contract/sweep.ts'
import { runCommand } from '../commands/all-commands.ts'
import { restartHost } from '../commands/restart-host.ts'
import { formatTime } from '../format/quantity.ts'
import { problemRows } from '../problems/problem-list.ts'
import type { CompileInfo, HostState } from '../state/device-slice.ts'
import { mergeProblems } from '../state/kernels-slice.ts'
import { useLab } from '../state/store.ts'
import { useParts } from '../state/use-parts.ts'
import { Icon } from '../ui/icon.tsx'

/** What is measured on, against what, and whether it is there. */
export function StatusBar() {
  const { devices, deviceId, host, compiles, caret, activeId, workspace, chooseDevice } = useParts(
    'devices',
    'deviceId',
    'host',
    'compiles',
    'caret',
    'activeId',
    'workspace',
    'chooseDevice',
  )
  const device = devices.find((candidate) => candidate.id === deviceId)
  return (
    <footer className="status-bar">
      <HostItem host={host} />
      <DevicePicker devices={devices} deviceId={deviceId} onChoose={chooseDevice} />
      {device && <BaselineItem device={device} />}
      <ProblemsItem />
      <SweepItem />
      <span className="status-space" />
      <CompileItem compile={activeId ? compiles[activeId] : undefined} />
      {activeId && caret && (
        <span className="status-item">
          Ln {caret.line}, Col {caret.column}
        </span>
      )}
      <span className="status-item truncate" title={workspace?.root}>
        {workspace?.root}
      </span>
    </footer>
  )
}

function ProblemsItem() {
  const { open, diagnostics, catalogProblems, lintProblems, analyses, isProblemsShown, setLayout } = useParts(
    'open',
    'diagnostics',
    'catalogProblems',
    'lintProblems',
    'analyses',
    'isProblemsShown',
    'setLayout',
  )
  const rows = problemRows({
    open,
    diagnostics,
    problems: mergeProblems(catalogProblems, lintProblems),
    analyses: Object.values(analyses).filter(({ isStale }) => !isStale),
  })
  const count = (severity: string) => rows.filter((row) => row.severity === severity).length
  return (
    <button
      type="button"
      className="status-item"
      onClick={() => setLayout({ isProblemsShown: !isProblemsShown })}
      title="Toggle the Problems list"
    >
      <Icon name="error" size={12} /> {count('error')}
      <span className="visually-hidden"> errors, </span>
      <Icon name="warning" size={12} /> {count('warning')}
      <span className="visually-hidden"> warnings</span>
    </button>
  )
}

/** A sweep goes on whatever is looked at; from here it is found again. */
function SweepItem() {
  const sweep = useLab((state) => (state.sweep && isSweepActive(state.sweep.state) ? state.sweep : null))
  const setLayout = useLab((state) => state.setLayout)
  if (!sweep) return null
  const { measured, waiting } = sweep.counts
  return (
    <button type="button" className="status-item" title="Show the sweep" onClick={() => setLayout({ tab: 'sweep' })}>
      <span className="status-dot" data-tone="busy" />
      {sweep.state === 'cancelling' ? 'Stopping the sweep' : `Sweep ${measured} of ${measured + waiting}`}
    </button>
  )
}

const hostTone = { starting: 'warn', ready: 'good', restarting: 'warn', failed: 'bad' } as const
const hostText = {
  starting: 'Host starting',
  ready: 'Host ready',
  restarting: 'Host restarting',
  failed: 'Host stopped',
}

function HostItem({ host }: { host: HostState }) {
  return (
    <>
      <span className="status-item" role="status" title={host.reason}>
        <span className="status-dot" data-tone={hostTone[host.state]} />
        {hostText[host.state]}
        {host.restarts > 0 && host.state !== 'ready' && ` (${host.restarts})`}
        {host.state !== 'ready' && host.reason && !host.error && <span className="muted">{host.reason}</span>}
      </span>
      {host.state === 'failed' && (
        <button type="button" className="status-item tone-bad" onClick={() => runCommand(restartHost)}>
          <Icon name="refresh" size={12} /> Restart
        </button>
      )}
    </>
  )
}

interface DevicePickerProps {
  devices: readonly Device[]
  deviceId: string | null
  onChoose(id: string): void
}

function DevicePicker({ devices, deviceId, onChoose }: DevicePickerProps) {
  return (
    <label className="status-item">
      <Icon name="kernel" size={12} />
      <span className="visually-hidden">Device</span>
      <select
        value={deviceId ?? ''}
        onChange={(event) => onChoose(event.target.value)}
        title={devices.find((d) => d.id === deviceId)?.name}
      >
        {deviceId === null && <option value="">No device</option>}
        {devices.map((device) => (
          <option key={device.id} value={device.id} disabled={device.unavailable !== undefined}>
            {device.id}: {device.name}
            {device.unavailable ? ` (${device.unavailable})` : ''}
          </option>
        ))}
      </select>
    </label>
  )
}

function BaselineItem({ device }: { device: Device }) {
  return device.baseline ? (
    <span className="status-item">
      <span className="muted">baseline</span> {device.baseline}
    </span>
  ) : (
    <span className="status-item tone-warn" title={device.baselineMissing}>
      <Icon name="warning" size={12} /> No baseline
    </span>
  )
}

function CompileItem({ compile }: { compile: CompileInfo | undefined }) {
  if (!compile) return null
  const time = `${Math.max(1, Math.round(compile.roundTripMs))} ms`
  const parts = compile.timing
  const title =
    parts &&
    `front end ${formatTime(parts.frontEndNs)}, optimise ${formatTime(parts.optimiseNs)}, link ${formatTime(parts.linkNs)}`
  return (
    <span className="status-item" title={title || undefined}>
      {compile.isOk ? 'Compiles' : <span className="tone-bad">Does not compile</span>}
      <span className="muted">
        {time}
        {parts?.cached ? ', cached' : ''}
      </span>
    </span>
  )
}
