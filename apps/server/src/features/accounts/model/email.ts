// Django's rule in one line: dot-separated atoms, then a host name with a top level of letters.
const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+[a-z]{2,63}$`, 'i')

/** An address that mail can be sent to, without outer spaces, at most 255 characters. */
export const isEmail = (text: string): boolean => text.length <= 255 && EMAIL.test(text)

/** The form in which addresses are compared. */
export const emailKey = (email: string): string => email.trim().toLowerCase()
