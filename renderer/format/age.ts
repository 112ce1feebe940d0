const steps = [
  { unit: 's', ms: 1e3, below: 60e3 },
  { unit: 'min', ms: 60e3, below: 3600e3 },
  { unit: 'h', ms: 3600e3, below: 48 * 3600e3 },
  { unit: 'd', ms: 24 * 3600e3, below: Number.POSITIVE_INFINITY },
] as const

/** How long ago, in one unit: `now`, `12 s`, `3 min`, `5 h`, `9 d`. */
export function formatAge(iso: string, nowMs: number): string {
  const age = nowMs - Date.parse(iso)
  if (Number.isNaN(age)) return 'unknown'
  if (age < 5e3) return 'now'
  const step = steps.find((candidate) => age < candidate.below) ?? steps[3]
  return `${Math.floor(age / step.ms)} ${step.unit}`
}
