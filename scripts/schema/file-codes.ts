import type { Code } from './codes.ts';

/** The codes of files alone, which `validate` gives: warnings of descriptions first, then those of configurations. */
export const FILE_CODES: readonly Code[] = [
  {
    code: 'NO_SECTION',
    cause: 'None of the headings is ours, so that nothing was read.',
    cure: 'Write it below our headings, as `.gitlab/issue_templates` has them; an alert needs none.',
  },
  {
    code: 'HEADING_UNKNOWN',
    cause: 'A heading is none of ours, and nearly one.',
    cure: 'Write it as suggested, if you meant that.',
  },
  {
    code: 'FIELD_UNKNOWN',
    cause: 'A label is none of the fields of its section, and nearly one.',
    cure: 'Write it as suggested, if you meant that.',
  },
  {
    code: 'KEY_UNKNOWN',
    cause: 'A key of a `yaml` block is no field.',
    cure: 'Write it as suggested, or as [fields.md](fields.md) has it.',
  },
  {
    code: 'FIELD_OUTSIDE_SECTIONS',
    cause: 'A label names a field, but stands under none of our headings.',
    cure: 'Put it under the heading that is named.',
  },
  {
    code: 'CONFIG_INVALID',
    cause: 'An option of `oncall.yml` has a value that it cannot have.',
    cure: 'See [configuration.md](configuration.md).',
  },
  {
    code: 'CONFIG_OPTION_UNKNOWN',
    cause: '`oncall.yml` has an option that does not exist.',
    cure: 'Write it as suggested, or take it out.',
  },
  {
    code: 'ROSTER_GAP',
    cause: 'Nobody is on call at some time: within 14 days an error, within 90 a warning.',
    cure: 'Have another shift, rotation or override cover it; until then the `fallback` stands in. See [on-call.md](on-call.md).',
  },
  {
    code: 'ROSTER_OVERLAP',
    cause: 'Several people are on call for one duty at once: within 14 days an error, within 90 a warning.',
    cure: 'Take one of the shifts out, or have it end earlier; until then the `fallback` stands in. See [on-call.md](on-call.md).',
  },
  {
    code: 'SCHEMA_FILE_INVALID',
    cause: 'A schema of your own cannot be read, is no schema, or could never be satisfied.',
    cure: 'See [own-schemas.md](own-schemas.md).',
  },
  {
    code: 'TEMPLATE_INVALID',
    cause: 'A template of your own is no Handlebars, names what it is not given, or shows text of people as it stands.',
    cure: 'See [on-call.md](on-call.md#major-incidents).',
  },
];
