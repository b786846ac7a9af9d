import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is that tests may drive: CHROMIUM_PATH, or without it one of the usual places; nothing where there is none. */
export const CHROMIUM = [process.env['CHROMIUM_PATH'] ?? USUAL].flat().find((file) => existsSync(file));

/** Chromium without a sandbox of its own, as containers need it, and without calls of its own to anywhere. */
export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Everything that a page must not do, as it does it: ask others than the address it is below, fail, ask something, open something. */
export function watchPage(page: Page, address: string): string[] {
  const wrong: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) wrong.push(`asks ${request.url()}`);
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('dialog', (dialog) => {
    wrong.push(`says ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => wrong.push(`opens ${popup.url()}`));
  return wrong;
}
