/** A state that the types exclude. Reaching it is a defect, never a client's fault. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
