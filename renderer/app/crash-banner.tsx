import type { LabError } from '#contract/error.ts'
import { runCommand } from '../commands/all-commands.ts'
import { errorText } from '../commands/report-error.ts'
import { restartHost } from '../commands/restart-host.ts'
import { useParts } from '../state/use-parts.ts'
import { FileLink } from '../ui/error-note.tsx'
import { Icon } from '../ui/icon.tsx'

/** Says that a kernel host ended, why and at which line, and that nothing else did. Stays until it is dismissed. */
export function CrashBanner() {
  const { crash, host, dismissCrash } = useParts('crash', 'host', 'dismissCrash')
  if (!crash) return null
  const hasStopped = host.state === 'failed'
  return (
    <div className="note note-bad crash-banner" role="alert" aria-label="Kernel host ended">
      <Icon name="error" />
      <div className="note-body">
        <strong>{title(crash)}</strong> {errorText(crash)}{' '}
        {crash.kind === 'device-lost' && crash.file && <FileLink file={crash.file} line={crash.line ?? 1} />}{' '}
        {hasStopped
          ? 'Nothing runs until it is started again; unsaved text is kept.'
          : 'The kernel host is started again; unsaved text and every other result are as they were.'}
      </div>
      {hasStopped && (
        <button type="button" className="button" onClick={() => runCommand(restartHost)}>
          <Icon name="refresh" size={12} /> Start it again
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" title="Dismiss" onClick={dismissCrash}>
        <Icon name="close" size={12} />
      </button>
    </div>
  )
}

function title(crash: LabError): string {
  if (crash.kind === 'timeout') return 'A kernel did not end.'
  return crash.kind === 'device-lost' && crash.kernel ? 'A kernel crashed.' : 'The kernel host ended.'
}
