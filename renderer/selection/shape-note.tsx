import { useShallow } from 'zustand/react/shallow'
import { currentTarget, unclaimedFlags, withDtype } from '../commands/run-options.ts'
import { significant } from '../format/digits.ts'
import { formatBytes, formatCount } from '../format/quantity.ts'
import { useLab } from '../state/store.ts'
import { parseDraft, shapeCost } from './shape-form.ts'

/** One line that is always there: what is wrong with the shape, else how much memory and arithmetic it is. */
export function ShapeNote() {
  const draft = useLab(useShallow((state) => withDtype(state, currentTarget(state)).draft))
  const device = useLab((state) => state.devices.find((candidate) => candidate.id === state.deviceId))
  const unclaimed = useLab(useShallow(unclaimedFlags))
  const parsed = parseDraft(draft)
  if (!parsed.ok) {
    return (
      <p className="shape-note tone-bad" role="alert">
        {Object.values(parsed.errors)[0]}
      </p>
    )
  }
  if (unclaimed.length > 0) {
    return (
      <p
        className="shape-note tone-warn"
        title="The manifest does not claim it. A bench verifies the result and an analysis watches it all the same."
      >
        Not claimed by the variant: {unclaimed.join(', ')}
      </p>
    )
  }
  const { bytes, flops } = shapeCost(parsed.shape)
  const isTooBig = device !== undefined && device.workingSetBytes > 0 && bytes > device.workingSetBytes
  return (
    <p className={isTooBig ? 'shape-note tone-warn' : 'shape-note muted'}>
      {formatBytes(bytes)} of operands, {flopText(flops)}
      {isTooBig && `: more than the ${formatBytes(device.workingSetBytes)} that ${device.id} can hold`}
    </p>
  )
}

function flopText(flops: number): string {
  if (flops < 1e6) return `${formatCount(flops)} FLOP`
  const [scale, unit] = flops >= 1e12 ? [1e12, 'TFLOP'] : flops >= 1e9 ? [1e9, 'GFLOP'] : [1e6, 'MFLOP']
  return `${significant(flops / scale)} ${unit}`
}
