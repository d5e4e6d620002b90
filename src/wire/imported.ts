/** How many bytes a request to import may have. */
export const MOST_IMPORTED = 64 * 1024 * 1024
