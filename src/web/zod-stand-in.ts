/**
 * Stands in for zod in the built page only, where it would be a third of our own code (30 KB gzip): the page is served by the server
 * that it talks to, in the same version, and that server parses everything at its door. Schemas become inert; `parse` gives back what it
 * is given.
 */
const inert: unknown = new Proxy(() => {}, {
  get: (_, name) => (name === 'parse' ? (value: unknown) => value : inert),
  apply: () => inert,
})

export const z = inert
