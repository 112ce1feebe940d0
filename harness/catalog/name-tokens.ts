/**
 * Value of a dispatch token in a name: the digits after the last occurrence of the token that digits follow
 * (`nt_bn64_tg32_tg128` has tg 128; `tgread` has none). Null when there is none.
 */
export function nameToken(name: string, token: string): number | null {
  let value: number | null = null
  for (let at = name.indexOf(token); at >= 0; at = name.indexOf(token, at + 1)) {
    const digits = /^\d+/.exec(name.slice(at + token.length))
    if (digits) value = Number(digits[0])
  }
  return value
}

/** Dispatch params that a name of the m1 families carries; only those it has. */
export function dispatchTokens(name: string): Record<string, number> {
  const params: Record<string, number> = {}
  for (const token of ['bn', 'tg', 'rows']) {
    const value = nameToken(name, token)
    if (value !== null) params[token] = value
  }
  if (name.includes('single_tg')) params.single = 1
  return params
}
