import type { Mail } from '../../platform/mail-outbox.ts'
import { fillIn } from './model/receipt-form.ts'
import type { Receipt } from './model/receipt.ts'
import { receiptHtml } from './receipt-html.ts'
import { receiptPdf } from './receipt-pdf.ts'
import { receiptText } from './receipt-text.ts'

export async function receiptMail(to: string, receipt: Receipt): Promise<Mail> {
  const { company, heading, number } = fillIn(receipt)
  return {
    to,
    subject: `${company}: ${heading.toLowerCase()} ${number}`,
    body: receiptText(receipt),
    html: receiptHtml(receipt),
    attachment: {
      name: `${number}.pdf`,
      contentType: 'application/pdf',
      content: await receiptPdf(receipt),
    },
  }
}
