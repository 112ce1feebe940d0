/** What of `count` things of one size lies in a window on them, with a few more on either side. Half-open. */
export function visibleRange(
  window: { start: number; size: number },
  of: { count: number; size: number; spare: number },
) {
  const first = Math.floor(window.start / of.size) - of.spare
  const last = Math.ceil((window.start + window.size) / of.size) + of.spare
  return { begin: Math.max(0, Math.min(first, of.count)), end: Math.max(0, Math.min(last, of.count)) }
}
