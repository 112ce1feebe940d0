/** Names that are the lab's way of being a GPU, and no part of MSL. */
export const isInternalName = (name: string): boolean =>
  /^(_|klab|KLAB|std::|operator|~)|klab_msl::|^component$|SwizzleReference/.test(name)

/** A type or a declaration as MSL has it. */
export function cleanCode(code: string): string {
  return code
    .replace(/\/\/ In (namespace (metal|klab_msl|std)|.*vec<.*)\n?/g, '')
    .replace(/\b(KLAB_MSL_FN|KLAB_MSL_SIMT|METAL_FUNC|METAL_INTERNAL)\b */g, '')
    .replace(/__declspec\(property\(.*?\)\) */g, '')
    .replace(/__attribute__\(\(.*?\)\) */g, '')
    .replace(/,?\s*(const char \*|uint |unsigned int )(file|line)( = (__builtin_FILE|__builtin_LINE)\(\))?/g, '')
    .replace(/^(public|private|protected): /gm, '')
    .replace(/^((?:template <.*>\s)?)(?:inline |static )+(?=.*\()/gm, '$1')
    .replace(/\(\s+|\s+\)/g, (found) => found.trim())
    .replace(/,\n\s+/g, ', ')
    .replace(/\bmetal::(?=\w)|\bklab_msl::(?=\w)/g, '')
    .replace(/\b(typedef|using) unsigned int uint\b/g, 'uint')
    .replace(/\b_Float16\b/g, 'half')
    .replace(/\b__bf16\b/g, 'bfloat')
    .replace(/\bvec<(\w+), ([234])>/g, (_, scalar, size) => `${scalar === 'unsigned int' ? 'uint' : scalar}${size}`)
}
