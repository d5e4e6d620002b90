/** Memory for people: 24 GB and not 25.3 or 23.6, since it is sold in powers of two, and the system keeps a little of it. */
export function memoryWords(bytes: number): string {
  const gib = bytes / 2 ** 30
  return gib < 1 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.ceil(gib - 0.25)} GB`
}
