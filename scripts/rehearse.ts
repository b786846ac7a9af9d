import { rehearse } from './apply/rehearse.ts';
import { SetupError } from './ci/errors.ts';
import { paint } from './ci/terminal.ts';
import { runTool } from './ci/tool.ts';
import { readRecorded } from './read/recorded-files.ts';
import { readRehearsalQuestion } from './read/rehearsal-question.ts';
import { renderRehearsal, summariseRehearsal } from './render/rehearsal.ts';

const help = `Shows what Watchkeeper would do about a recorded incident, and why, without any GitLab: a folder such as those of
test/cases, or what GitLab's API answers for an issue, with its comments beside it. See docs/rehearsal.md.`;
const options = {
  from: { does: 'the recorded incident', value: 'FILE|FOLDER' },
  config: { does: "the configuration; else the recording's own, WATCHKEEPER_CONFIG, or the defaults", value: 'FILE' },
  at: { does: 'the moment to look at it; else that of the recording', value: 'TIME' },
};

await runTool({ name: 'rehearse', usage: '--from FILE [--config FILE] [--at TIME]', help, options }, async (call) => {
  const from = call.given('from');
  if (from === undefined) throw new SetupError('rehearse wants --from FILE. --help tells more.');
  const recorded = await readRecorded(from);
  const { config, now } = await readRehearsalQuestion(call, recorded);
  const { recording } = recorded;
  const rehearsal = { ...recording, ...(await rehearse(recording, config, now)), at: now.toISOString() };
  call.print(renderRehearsal(rehearsal, paint));
  return { summary: summariseRehearsal(rehearsal), exitCode: 0, artifacts: {} };
});
