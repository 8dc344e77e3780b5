# The app. For both kinds of machine: docker buildx build --platform linux/amd64,linux/arm64 .
# Building does not depend on the target, so it is done once, on the machine that builds.
FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS build
WORKDIR /src
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
# Node 22 has SQLite built in: the package that brings it to older ones stays without its binaries. No image is ever resized.
RUN npm run build \
 && rm -rf .next/standalone/node_modules/@photostructure/sqlite/prebuilds .next/standalone/node_modules/@img .next/standalone/node_modules/sharp \
 && mkdir /data

# Node, the C library and nothing else: no shell, no package manager. Its user 65532 owns nothing but /data.
FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /app
COPY --from=build /src/.next/standalone .next/standalone
COPY --from=build /src/scripts/serve-built.mjs /src/scripts/serve.mjs /src/scripts/launch.mjs /src/scripts/paths.mjs /src/scripts/preflight.mjs /src/scripts/refusal.mjs /src/scripts/require-node.mjs /src/scripts/healthcheck.mjs /src/scripts/token.mjs /src/scripts/lock.mjs scripts/
COPY --from=build --chown=65532:65532 /data /data
# What is freed goes back to the system, as in scripts/lean-node.mjs: glibc would keep 50 MB of it.
ENV DATA_DIR=/data MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_MMAP_THRESHOLD_=131072
VOLUME /data
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/nodejs/bin/node", "scripts/healthcheck.mjs"]
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "--heap-growing-percent=50", "scripts/serve-built.mjs"]
