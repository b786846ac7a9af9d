import { table } from './ci/terminal.ts';
import { runTool } from './ci/tool.ts';
import { SetupError } from './ci/errors.ts';
import { readConfig } from './read/config.ts';
import { readRosterQuestion } from './read/roster-question.ts';
import { renderCalendar } from './render/calendar.ts';
import { renderOnDuty, renderRoster } from './render/roster.ts';

const help = `Shows who is on call by the roster of the configuration (WATCHKEEPER_CONFIG, else oncall.yml). TIME is a day or a time such
as 2026-11-23 or 2026-11-23T08:00Z; days, and times without a zone, are those of the configuration's time_zone.`;
const options = {
  from: { does: 'from when on; else from the beginning of today', value: 'TIME' },
  to: { does: 'until when; else for two weeks', value: 'TIME' },
  who: { does: 'who is on call now, or at the TIME that follows' },
  ics: { does: 'print an iCalendar file' },
};

runTool({ name: 'roster', usage: '[--from TIME] [--to TIME] [--ics] | --who [TIME]', help, options }, async (call) => {
  if (call.has('who') && call.has('ics')) throw new SetupError('--who and --ics are two questions: ask one.');
  const config = await readConfig(call.configPath ?? 'oncall.yml');
  const asked = readRosterQuestion(call, config);
  if ('at' in asked) call.print(renderOnDuty(config, asked.at));
  // Printing ends the last line.
  else if (call.has('ics')) call.print(renderCalendar(config, asked.from, asked.to, call.now).replace(/\n$/, ''));
  else
    call.print(
      renderRoster(config, asked.from, asked.to)
        .map(({ title, rows }) => `${title}\n\n${table(rows)}`)
        .join('\n\n'),
    );
  return { summary: 'watchkeeper roster: shown', exitCode: 0, artifacts: {} };
});
