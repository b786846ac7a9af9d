# The bundle and nothing else of ours, for the input `bundle: image` (docs/components.md). No entry point: GitLab starts a shell.
FROM node:22-slim
COPY --chmod=0644 dist/watchkeeper.cjs /usr/local/lib/watchkeeper/watchkeeper.cjs
# What V8 makes of it, for this node: a third of what an event costs (docs/bundle.md).
RUN ["node", "/usr/local/lib/watchkeeper/watchkeeper.cjs", "--compile", "/usr/local/lib/watchkeeper/watchkeeper.compiled"]
ENV WATCHKEEPER_COMPILED=/usr/local/lib/watchkeeper/watchkeeper.compiled
USER node
