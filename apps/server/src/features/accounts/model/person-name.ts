/** Letters of any script with spaces, hyphens and apostrophes between them. */
export const isPersonName = (name: string): boolean =>
  /^\p{L}[\p{L}\p{M}]*(?:[ '’-]+[\p{L}\p{M}]+)*['’]?$/u.test(name)
