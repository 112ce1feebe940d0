import { useLab } from '../state/store.ts'
import { Icon } from '../ui/icon.tsx'

/** Failures that have no panel of their own. */
export function Notices() {
  const notices = useLab((state) => state.notices)
  const dismiss = useLab((state) => state.dismissNotice)
  return (
    <div className="notices" role="log" aria-label="Notices">
      {notices.map((notice) => (
        <div className={notice.tone === 'error' ? 'note note-bad' : 'note'} key={notice.id}>
          <Icon name={notice.tone === 'error' ? 'error' : 'info'} />
          <span className="note-body">{notice.text}</span>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(notice.id)}>
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
    </div>
  )
}
