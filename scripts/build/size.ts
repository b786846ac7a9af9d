import type { Bundle } from './bundle.ts';
import { packageIn } from './parts.ts';

const MOST_SHOWN = 12;

/** How large the bundle is, and what is largest in it, in KiB: by package, and ours by room. */
export function describeSize({ text, parts }: Bundle): string {
  const sizes = new Map<string, number>();
  for (const { inputs } of parts) {
    for (const [file, bytes] of Object.entries(inputs))
      sizes.set(ownerOf(file), (sizes.get(ownerOf(file)) ?? 0) + bytes);
  }
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, MOST_SHOWN);
  const rows = largest.map(([owner, bytes]) => `  ${kib(bytes).padStart(6)} ${owner}`);
  return [`${kib(text.length)} KiB; before they are made smaller, the largest are:`, ...rows].join('\n');
}

function kib(bytes: number): string {
  return String(Math.round(bytes / 1024));
}

function ownerOf(file: string): string {
  return file.includes('node_modules/') ? packageIn(file) : (/^(?:scripts\/[^/]+|[^/:]+)/.exec(file)?.[0] ?? file);
}
