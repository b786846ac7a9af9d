import { existsSync } from 'node:fs';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is that tests may drive: CHROMIUM_PATH, or without it one of the usual places; nothing where there is none. */
export const CHROMIUM = [process.env['CHROMIUM_PATH'] ?? USUAL].flat().find((file) => existsSync(file));

/** Chromium without a sandbox of its own, as containers need it, and without calls of its own to anywhere. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
