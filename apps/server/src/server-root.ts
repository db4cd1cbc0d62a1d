/** The folder apps/server/: both the sources (src/) and the bundle (dist/) are one level below it. */
export const serverRoot = new URL('../', import.meta.url)
