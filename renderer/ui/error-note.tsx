import type { LabError } from '#contract/error.ts'
import { goToFile } from '../commands/go-to-location.ts'
import { errorText } from '../commands/report-error.ts'
import { formatValue } from '../format/quantity.ts'
import { shortShapes } from '../format/shape-text.ts'
import { Icon } from './icon.tsx'

const titles: Record<LabError['kind'], string> = {
  compile: 'Does not compile',
  pipeline: 'No pipeline',
  mismatch: 'Wrong result',
  'device-lost': 'Device lost',
  timeout: 'Timed out',
  unsupported: 'Not supported',
  'missing-tool': 'Something is missing',
  manifest: 'Manifest',
  conflict: 'Changed on disk',
  invalid: 'Refused',
  'not-found': 'Not found',
  cancelled: 'Cancelled',
  internal: 'Defect in the lab',
}

/** A failure: its kind, its sentence, and the place it points to. */
export function ErrorNote({ error }: { error: LabError }) {
  return (
    <div className={error.kind === 'cancelled' ? 'note' : 'note note-bad'} role="alert">
      <Icon name={error.kind === 'cancelled' ? 'info' : 'error'} />
      <div className="note-body">
        <strong>{titles[error.kind]}.</strong> {shortShapes(withoutPlace(error))} <ErrorPlace error={error} />
      </div>
    </div>
  )
}

/** What a compiler says, without the place that it begins with: that is a link behind it. */
function withoutPlace(error: LabError): string {
  const text = errorText(error)
  return error.kind === 'compile' && error.diagnostics.length > 0 ? text.replace(/^\S+:\d+:\d+: /, '') : text
}

function ErrorPlace({ error }: { error: LabError }) {
  if (error.kind === 'compile') {
    const first = error.diagnostics.find((diagnostic) => diagnostic.severity === 'error') ?? error.diagnostics[0]
    return first ? <FileLink file={first.file} line={first.line} column={first.column} /> : null
  }
  if (error.kind === 'device-lost' && error.file) return <FileLink file={error.file} line={error.line} />
  if (error.kind === 'mismatch') {
    const { gate, shape, seed, index, expected, actual } = error.at
    return (
      <code>
        {gate} · {shape} · seed {seed} · [{index}] expected {formatValue(expected)}, got {formatValue(actual)}
      </code>
    )
  }
  return null
}

interface FileLinkProps {
  file: string
  line?: number
  column?: number
  /** The text was changed since: the line may be another now, and leads nowhere. */
  isStale?: boolean
}

/** A place in a file; a click opens it there. */
export function FileLink({ file, line = 1, column = 1, isStale = false }: FileLinkProps) {
  const place = `${file.split('/').at(-1)}:${line}`
  if (isStale) {
    return (
      <span className="mono muted" title="A line of the text as it was; it may be elsewhere now.">
        {place}
      </span>
    )
  }
  return (
    <button type="button" className="link mono" onClick={() => void goToFile(file, line, column)}>
      {place}
    </button>
  )
}
