import { escapeHtml, ICON } from './html.ts'

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
