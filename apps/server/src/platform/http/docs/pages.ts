const ICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 32 32%22%3E%3Crect width=%2232%22 height=%2232%22 rx=%228%22 fill=%22%230b6b4f%22/%3E%3Cpath d=%22M6 20V11h11v9m0-6h5l4 4v2%22 fill=%22none%22 stroke=%22%23fff%22 stroke-width=%222.5%22/%3E%3Ccircle cx=%2211%22 cy=%2221%22 r=%222.5%22 fill=%22%23ffc531%22/%3E%3Ccircle cx=%2222%22 cy=%2221%22 r=%222.5%22 fill=%22%23ffc531%22/%3E%3C/svg%3E'

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const page = (title: string, head: string, scripts: readonly string[]) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${ICON}">
${head}
</head>
<body style="margin:0;overflow-wrap:anywhere">
<div id="reference"></div>
<noscript>This page needs JavaScript. The document itself: <a href="/swagger.json">swagger.json</a>, <a href="/swagger.yaml">swagger.yaml</a>.</noscript>
${scripts.map((name) => `<script src="/docs-assets/${name}"></script>`).join('\n')}
</body>
</html>
`

export const swaggerPage = (title: string) =>
  page(title, '<link rel="stylesheet" href="/docs-assets/swagger-ui.css">', [
    'swagger-ui.js',
    'swagger-start.js',
  ])

export const redocPage = (title: string) => page(title, '', ['redoc.js', 'redoc-start.js'])
