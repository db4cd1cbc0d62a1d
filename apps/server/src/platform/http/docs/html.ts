export const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 32 32%22%3E%3Crect width=%2232%22 height=%2232%22 rx=%228%22 fill=%22%230b6b4f%22/%3E%3Cpath d=%22M6 20V11h11v9m0-6h5l4 4v2%22 fill=%22none%22 stroke=%22%23fff%22 stroke-width=%222.5%22/%3E%3Ccircle cx=%2211%22 cy=%2221%22 r=%222.5%22 fill=%22%23ffc531%22/%3E%3Ccircle cx=%2222%22 cy=%2221%22 r=%222.5%22 fill=%22%23ffc531%22/%3E%3C/svg%3E'

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** A sentence with `code` in it. */
export const sentence = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

export const code = (text: string): string => `<code>${escapeHtml(text)}</code>`

/** JSON, for reading; lines that fit stay one line. */
export function jsonBlock(value: unknown): string {
  const short = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ')
  const text = short.length <= 44 ? short : JSON.stringify(value, null, 2)
  return `<pre><code>${escapeHtml(text)}</code></pre>`
}

/** What may stand in an address after `#`. */
export const anchor = (text: string): string => text.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '')
