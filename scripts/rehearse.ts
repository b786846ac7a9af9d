import { recordIncident } from './apply/record.ts';
import { rehearse } from './apply/rehearse.ts';
import { paint } from './ci/terminal.ts';
import { runTool } from './ci/tool.ts';
import { connect } from './gitlab/connect.ts';
import { readRecorded } from './read/recorded-files.ts';
import { readRecordingQuestion, readRehearsalQuestion } from './read/rehearsal-question.ts';
import { renderRecorded, renderRehearsal } from './render/rehearsal.ts';

const help = `Shows what Watchkeeper would do about a recorded incident, and why, without any GitLab: a folder such as those of
test/cases, or what GitLab's API answers for an issue. --record makes such a folder of a real incident, with nothing of
anybody's in it. See docs/rehearsal.md.`;
const options = {
  from: { does: 'the recorded incident', value: 'FILE|FOLDER' },
  config: { does: "the configuration; else the recording's own, WATCHKEEPER_CONFIG, or the defaults", value: 'FILE' },
  at: { does: 'the moment to look at it; else that of the recording', value: 'TIME' },
  record: { does: 'an incident, group/project#12, to record by the token of the bot', value: 'REFERENCE' },
  into: { does: 'the new folder of the record; else recorded-incident', value: 'FOLDER' },
  keep: { does: 'keep a record that does not give what the original gives' },
};

runTool({ name: 'rehearse', usage: '--from FILE | --record REFERENCE', help, options }, async (call) => {
  const { print } = call;
  const asked = await readRecordingQuestion(call);
  if (asked) {
    const { gitlab } = connect(call.reachGitLab(120_000), asked.config.limits);
    return renderRecorded(await recordIncident(gitlab, asked), asked.keep, print);
  }
  const recorded = await readRecorded(call.given('from') ?? '');
  const { config, now } = await readRehearsalQuestion(call, recorded);
  const rehearsed = await rehearse(recorded.recording, config, now);
  return renderRehearsal({ ...recorded.recording, ...rehearsed, at: now.toISOString() }, paint, print);
});
