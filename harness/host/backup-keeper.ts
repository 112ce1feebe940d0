import { ok, type Result } from '#contract/error.ts'
import type { RequestInput } from '#contract/ipc.ts'
import { BackupStore } from '../store/backup-store.ts'
import { stateFolderOf } from '../store/state-folder.ts'

/**
 * Keeps unsaved text in the process of the shell: a kernel host that hangs, dies or is being replaced holds no
 * keystroke up.
 */
export class BackupKeeper {
  readonly #store: BackupStore

  /** `root` is the real path of the workspace, as kernel hosts see it. */
  constructor(root: string) {
    this.#store = new BackupStore(stateFolderOf(root))
    this.#store.tidy()
  }

  /** Answers `document.backup`. */
  async keep({ id, text, baseHash }: RequestInput<'document.backup'>): Promise<Result<Record<string, never>>> {
    const kept = await this.#store.write(id, text === null ? null : { text, baseHash })
    return kept.ok ? ok({}) : kept
  }

  /** Saves with the text kept beside it until it is on disk: whatever dies in between, one of the two holds it. */
  async whileSaving<T>(document: RequestInput<'document.save'>, save: () => Promise<Result<T>>): Promise<Result<T>> {
    const { id, text, baseHash } = document
    await this.#store.write(id, { text, baseHash })
    const saved = await save()
    // Text typed meanwhile is kept by now, and stays.
    if (saved.ok) await this.#store.forget(id, text)
    return saved
  }

  /** Resolves when everything asked for so far is on disk. */
  settled(): Promise<void> {
    return this.#store.settled()
  }
}
