import { anchor, code, escapeHtml, jsonBlock, sentence } from './html.ts'
import { fieldsHtml } from './schema-html.ts'
import {
  addressOf,
  messagesSent,
  messagesTaken,
  type MessageDoc,
  type SocketDoc,
  type Wire,
} from './socket-doc.ts'

export const socketAnchor = ({ name }: SocketDoc): string => `socket-${name}`

export function socketHtml(socket: SocketDoc): string {
  const { title, description, urls, roles } = socket
  const id = socketAnchor(socket)
  const list = urls.map((url) => `<li>${code(addressOf(url))}</li>`).join('')
  return `<article id="${id}"><h3><span class="verb ws">WS</span> <a href="#${id}">${escapeHtml(title)}</a></h3>
<p class="says">${sentence(description)}</p><p>For: ${roles.join(', ')}.</p><ul class="urls">${list}</ul>${messages(
    'You send',
    `${id}-takes`,
    messagesTaken(socket),
  )}${messages('You hear', `${id}-sends`, messagesSent(socket))}</article>`
}

function messages(title: string, id: string, docs: readonly MessageDoc[]): string {
  if (docs.length === 0) return `<h4>${title}</h4><p>Nothing.</p>`
  return `<h4>${title}</h4>${docs.map((each) => messageHtml(`${id}-${anchor(each.name)}`, each)).join('')}`
}

const messageHtml = (id: string, { name, description, schema, example }: MessageDoc): string =>
  `<section class="message" id="${id}"><h5><a href="#${id}">${escapeHtml(name)}</a></h5><p>${sentence(description)}</p>${jsonBlock(example)}<details><summary>Fields</summary>${fieldsHtml(schema)}</details></section>`

export function wireHtml({ signIn, pings, limits, closeCodes }: Wire): string {
  const codes = Object.entries(closeCodes)
    .map(([number, meaning]) => `<div><dt>${number}</dt><dd>${sentence(meaning)}</dd></div>`)
    .join('')
  return `<dl class="fields"><div><dt><b>Signing in</b></dt><dd>${sentence(signIn)}</dd></div><div><dt><b>Pings</b></dt><dd>${sentence(pings)}</dd></div><div><dt><b>Limits</b></dt><dd>${sentence(limits)}</dd></div><div><dt><b>Close codes</b></dt><dd><dl class="answers">${codes}</dl></dd></div></dl>`
}
