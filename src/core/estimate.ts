/** A guess that rather says too much: about 3.2 characters of English, or one and a half of other scripts, are a token. */
export function estimateTokens(text: string): number {
  let wide = 0
  // A sample will do for a long text: this runs for every message of a history.
  const stride = Math.max(1, Math.floor(text.length / 2000))
  let seen = 0
  for (let i = 0; i < text.length; i += stride) {
    seen++
    if (text.charCodeAt(i) > 0x2ff) wide++
  }
  const share = seen === 0 ? 0 : wide / seen
  return Math.ceil((text.length * (1 - share)) / 3.2 + (text.length * share) / 1.5)
}
