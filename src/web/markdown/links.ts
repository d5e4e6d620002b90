/** Where a link in a model's text may lead: the web or a mail program. Everything else (javascript:, data:, file:, this server) is text. */
export function safeLink(href: string): string | null {
  let url: URL
  try {
    url = new URL(href)
  } catch {
    return null
  }
  return url.protocol === 'https:' || url.protocol === 'http:' || url.protocol === 'mailto:' ? url.href : null
}

/** A picture that is inside the text itself asks nobody for anything; every other address is a way to send something out. */
export const isInlinePicture = (href: string): boolean =>
  /^data:image\/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+$/.test(href)

/** Whom a link leads to, as a browser would spell it: what only looks like a letter of ours is spelt out as xn--. */
export function targetOf(safe: string): string {
  const { protocol, pathname, host } = new URL(safe)
  return protocol === 'mailto:' ? decodeURI(pathname).slice(0, 80) : host
}
