import { fillIn, type ReceiptForm } from './model/receipt-form.ts'
import type { Receipt } from './model/receipt.ts'

/** A receipt in plain text, for mail programs that show no HTML. */
export function receiptText(receipt: Receipt): string {
  const form = fillIn(receipt)
  return [
    `${form.heading} ${form.number}`,
    form.issuedOn,
    '',
    form.company,
    ...form.companyLines,
    '',
    ...form.facts.map(([label, value]) => `${label}: ${value}`),
    '',
    ...columns([...form.lines, form.total]),
    '',
    'Payment',
    ...columns(form.payments),
    '',
    form.note,
    '',
  ].join('\n')
}

/** One under the other, where the letters are equally wide. */
function columns(rows: ReceiptForm['lines']): string[] {
  const left = Math.max(...rows.map(([label]) => label.length))
  const right = Math.max(...rows.map(([, value]) => value.length))
  return rows.map(([label, value]) => `${label.padEnd(left)}  ${value.padStart(right)}`)
}
