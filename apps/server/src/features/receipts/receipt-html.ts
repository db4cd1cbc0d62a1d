import { fillIn, type ReceiptForm } from './model/receipt-form.ts'
import type { Receipt } from './model/receipt.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

// Mail programs know little: tables, styles at each element, and one style sheet for those that can do dark.
const TEXT = 'color:#1a1a1a'
const FAINT = 'color:#5c5c5c'
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans',Helvetica,Arial,sans-serif"
const CELL = 'padding:5px 0;vertical-align:top'
const RULE = 'border-top:1px solid #dcdcdc'
const TABLE = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'

const DARK = `@media (prefers-color-scheme:dark){
.page{background:#121212!important}.card{background:#1e1e1e!important;border-color:#333!important}
.text{color:#f0f0f0!important}.faint{color:#b4b4b4!important}.rule{border-color:#3a3a3a!important}}`

/** A receipt as one page or mail: nothing is loaded, nothing runs, and every value is escaped. */
export const receiptHtml = (receipt: Receipt): string => page(fillIn(receipt))

const page = (form: ReceiptForm): string => `<!doctype html>
<html lang="${escape(form.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escape(`${form.heading} ${form.number}`)}</title>
<style>:root{color-scheme:light dark}
${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f4f2">
<table ${TABLE} class="page" style="background:#f4f4f2"><tr><td align="center" style="padding:16px 8px">
<table ${TABLE} class="card" style="max-width:560px;background:#ffffff;border:1px solid #dcdcdc;border-radius:10px"><tr><td style="padding:24px 20px;${FONT};font-size:15px;line-height:1.45">
${head(form)}
<table ${TABLE} style="margin-top:18px">${form.facts.map(factRow).join('\n')}</table>
<table ${TABLE} style="margin-top:18px">${form.lines.map((row) => amountRow(row)).join('\n')}
${amountRow(form.total, 'font-size:19px;font-weight:700')}</table>
<p class="faint" style="margin:18px 0 0;${FAINT};font-size:13px">Payment</p>
<table ${TABLE}>${form.payments.map((row) => amountRow(row)).join('\n')}</table>
<p class="faint" style="margin:18px 0 0;${FAINT};font-size:13px">${escape(form.note)}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>
`

const head = ({
  heading,
  number,
  issuedOn,
  company,
  companyLines,
}: ReceiptForm): string => `<table ${TABLE}><tr>
<td class="text" style="${TEXT};vertical-align:top"><strong style="font-size:18px">${escape(company)}</strong>
${companyLines.map((line) => `<div class="faint" style="${FAINT};font-size:13px">${escape(line)}</div>`).join('\n')}</td>
<td class="text" align="right" style="${TEXT};vertical-align:top;padding-left:12px"><h1 style="margin:0;font-size:18px">${escape(heading)}</h1>
<div style="white-space:nowrap">${escape(number)}</div>
<div class="faint" style="${FAINT};font-size:13px">${escape(issuedOn)}</div></td>
</tr></table>`

const factRow = ([label, value]: ReceiptForm['facts'][number]): string =>
  `<tr><td class="faint rule" width="96" style="${CELL};${RULE};${FAINT};font-size:13px;padding-right:12px">${escape(label)}</td>` +
  `<td class="text rule" style="${CELL};${RULE};${TEXT};word-break:break-word">${escape(value)}</td></tr>`

const amountRow = ([label, value]: ReceiptForm['lines'][number], look = ''): string =>
  `<tr><td class="text rule" style="${CELL};${RULE};${TEXT};${look}">${escape(label)}</td>` +
  `<td class="text rule" align="right" style="${CELL};${RULE};${TEXT};padding-left:12px;white-space:nowrap;${look}">${escape(value)}</td></tr>`
