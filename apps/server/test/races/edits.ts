/** A change of the code's SQL: each statement that holds `find` is sent with `put` in its place. */
export type Edit = readonly [find: string, put: string]

/** Changes the code's SQL on its way, for `createTestDatabase` and `createWorld`. */
export function rewriteBy(edits: readonly Edit[]) {
  const unused = new Set(edits)
  return {
    rewrite: (text: string): string =>
      edits.reduce((sent, edit) => {
        if (!sent.includes(edit[0])) return sent
        unused.delete(edit)
        return sent.replaceAll(edit[0], edit[1])
      }, text),
    /** An edit that no longer meets its statement would leave the code whole and the test meaningless. */
    refuseUnused: (): void => {
      if (unused.size > 0) throw new Error(`never sent: ${[...unused].map(([find]) => find).join('; ')}`)
    },
  }
}
