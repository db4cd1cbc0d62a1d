import type { Http } from '../http.ts'
import { COMMANDS } from './commands.ts'
import type { HttpRoad } from './outbox.ts'

/** Commands as the calls that they are, with their ids as Idempotency-Keys. */
export function createHttpRoad(patient: Http, once: Http): HttpRoad {
  return async ({ id, op, args: { params, body } }, { signal, isPatient }) => {
    const call = {
      params: { path: params ?? {} },
      headers: { 'Idempotency-Key': id },
      ...(body && { body }),
      ...(signal && { signal }),
    }
    // The command's own types have been checked where it was said.
    const { data } = await (isPatient ? patient : once).POST(COMMANDS[op].path, call as never)
    return data
  }
}
