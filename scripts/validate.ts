import { SetupError } from './ci/errors.ts';
import { paint } from './ci/terminal.ts';
import { runTool } from './ci/tool.ts';
import { judgeText, remarksOn } from './decide/remarks.ts';
import { readPapers } from './read/papers.ts';
import { FORMATS, renderValidation, type Format } from './render/validation.ts';

const help = `Checks incident descriptions (Markdown) and configurations (oncall.yml, with the schemas that it names).
FILE is a file, a folder, a glob in quotes, or - for a description on the input. A description is read by the
configuration in WATCHKEEPER_CONFIG, else by the nearest oncall.yml above it, else by the defaults.`;
const options = {
  closing: { does: 'hold descriptions against what closing asks for, as the gate does' },
  'hand-off': { does: 'hold descriptions against what a hand-off asks for' },
  format: { does: 'how to print findings; gitlab is a code quality report', choices: FORMATS },
};

runTool({ name: 'validate', usage: '[options] FILE...', help, options }, async (call) => {
  const format = call.valueOf('format') as Format;
  if (call.has('closing') && call.has('hand-off'))
    throw new SetupError('--closing and --hand-off are two questions: ask one.');
  const { papers, skipped } = await readPapers(call);
  const occasion = call.has('hand-off') ? 'hand-off' : call.has('closing') ? 'closing' : 'writing';
  const judged = papers.flatMap((paper) =>
    paper.kind === 'description' ? [judgeText(paper, occasion, call.now)] : [],
  );
  const { output, ...ending } = renderValidation(
    { papers, judged, skipped, remarks: remarksOn(papers, judged, call.now) },
    format,
    paint,
  );
  if (output !== '') call.print(output);
  return ending;
});
