import type { Mode } from '#contract/row.ts'
import { useLab } from '../state/store.ts'
import { useParts } from '../state/use-parts.ts'
import { Segments } from '../ui/segments.tsx'
import { DataFields } from './data-fields.tsx'
import './selection.css'

const modes: { value: Mode; label: string; hint: string }[] = [
  { value: 'single', label: 'Single', hint: 'One dispatch per command buffer' },
  { value: 'batched', label: 'Batched', hint: 'Many dispatches per command buffer' },
  { value: 'graph', label: 'Graph', hint: 'Recorded once, replayed' },
]
const caches = [
  { value: 'warm', label: 'Warm', hint: 'Operands stay in the last-level cache' },
  { value: 'cold', label: 'Cold', hint: 'Operands rotate through more memory than the cache holds' },
]

/** Where and how kernels are measured. */
export function RunOptions() {
  const { mode, isCold, setRunOption } = useParts('mode', 'isCold', 'setRunOption')
  return (
    <div className="run-options">
      <DeviceField />
      <TierField />
      <Segments
        label="Submission"
        name="mode"
        options={modes}
        value={mode}
        onChange={(value) => setRunOption({ mode: value })}
      />
      <Segments
        label="Cache"
        name="cache"
        options={caches}
        value={isCold ? 'cold' : 'warm'}
        onChange={(value) => setRunOption({ isCold: value === 'cold' })}
      />
      <DataFields />
    </div>
  )
}

function DeviceField() {
  const { devices, deviceId, chooseDevice } = useParts('devices', 'deviceId', 'chooseDevice')
  return (
    <label className="field">
      <span className="field-label">Device</span>
      <select
        className="select"
        aria-label="Device"
        value={deviceId ?? ''}
        onChange={(event) => chooseDevice(event.target.value)}
      >
        {deviceId === null && <option value="">No device</option>}
        {devices.map((device) => (
          <option
            key={device.id}
            value={device.id}
            disabled={device.unavailable !== undefined}
            title={device.unavailable}
          >
            {device.id}
          </option>
        ))}
      </select>
    </label>
  )
}

const tierHints: Record<string, string> = {
  loop: 'Threads one after the other; for kernels that never wait for another thread',
  fiber: 'Every thread a fiber: runs everything, and is what the faster tiers are held to',
  leader: 'One lane does the work of its simdgroup; for kernels in which no code depends on the lane',
  vector: 'A simdgroup at a time, its 32 lanes in SIMD code',
}

/** Only of devices that run kernels in several ways. */
function TierField() {
  const { tier, setRunOption } = useParts('tier', 'setRunOption')
  const tiers = useLab((state) => state.devices.find(({ id }) => id === state.deviceId)?.tiers)
  if (!tiers || tiers.length === 0) return null
  const chosen = tiers.find(({ name, missing }) => name === tier && missing === undefined)
  return (
    <label className="field" title={chosen ? tierHints[chosen.name] : 'The tier that measures fastest for this launch'}>
      <span className="field-label">Tier</span>
      <select
        className="select"
        aria-label="Tier"
        value={chosen?.name ?? 'auto'}
        onChange={(event) => setRunOption({ tier: event.target.value })}
      >
        <option value="auto">auto</option>
        {tiers.map(({ name, missing }) => (
          <option key={name} value={name} disabled={missing !== undefined} title={missing ?? tierHints[name]}>
            {missing === undefined ? name : `${name} (missing)`}
          </option>
        ))}
      </select>
    </label>
  )
}
