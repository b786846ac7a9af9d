import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isInside, repositoryOf } from './own-schemas.ts';
import { flawOf, MAJOR } from './own-template.ts';
import type { Mistake, Place } from './source-file.ts';

type Read = { ok: true; template: string } | { ok: false; mistake: Mistake };

/**
 * Reads the project's own template for the comment on a major incident: a file of the repository, by its path from the
 * configuration. `place` is where the configuration names it.
 */
export async function readMajorTemplate(configPath: string, written: string, place: Place): Promise<Read> {
  const shown = JSON.stringify(written);
  const refuse = (says: string): Read => {
    return {
      ok: false,
      mistake: { file: configPath, ...place, code: 'CONFIG_INVALID', message: `major.template ${says}` },
    };
  };
  const folder = await realpath(path.dirname(configPath));
  const file = await realpath(path.resolve(folder, written)).catch(() => undefined);
  if (file === undefined) return refuse(`${shown} does not exist. Paths are read from the configuration`);
  if (path.isAbsolute(written) || !isInside(repositoryOf(folder), file))
    return refuse(`${shown} lies outside the repository`);
  const template = await readFile(file, 'utf8').catch(() => undefined);
  if (template === undefined) return refuse(`${shown} cannot be read: is it a file?`);
  const flaw = flawOf(template, MAJOR);
  if (!flaw) return { ok: true, template };
  const { says, ...where } = flaw;
  const named = path.join(path.dirname(configPath), written);
  return { ok: false, mistake: { file: named, ...where, code: 'TEMPLATE_INVALID', message: says } };
}
