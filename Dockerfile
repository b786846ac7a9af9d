# The bundle and nothing else of ours, for the input `bundle: image` (docs/components.md). No entry point: GitLab starts a shell.
FROM node:22-slim
COPY --chmod=0644 dist/watchkeeper.cjs /usr/local/lib/watchkeeper/watchkeeper.cjs
USER node
