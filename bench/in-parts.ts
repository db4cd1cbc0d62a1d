/** So many at a time, in their order. */
export async function inParts<In, Out>(
  values: readonly In[],
  atOnce: number,
  work: (value: In) => Promise<Out>,
): Promise<Out[]> {
  const done: Out[] = []
  while (done.length < values.length)
    done.push(...(await Promise.all(values.slice(done.length, done.length + atOnce).map(work))))
  return done
}
