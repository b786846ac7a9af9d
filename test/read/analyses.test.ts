import { describe, expect, it } from 'vitest';
import { analysedBy, analysisKey, analysisPlaces, isAnalysisIssue } from '../../scripts/read/analyses.ts';
import { keyLine } from '../../scripts/read/keys.ts';
import type { Issue } from '../../scripts/gitlab/port.ts';
import { ana, bot, config, snapshot } from '../support/snapshot.ts';

const KEYED = `${keyLine(analysisKey({ projectId: 42, iid: 7 }))}\n`;
const HEADING = '# Root cause analysis\n\n## Root cause\n';

it('the key of an analysis names its incident', () => {
  expect(KEYED).toBe('<!-- watchkeeper:rca 42-7 -->\n');
  expect(analysedBy({ description: KEYED })).toEqual({ projectId: 42, iid: 7 });
});

it.each(['', 'rca 42-7', '<!-- watchkeeper:rca 42 -->', '<!-- watchkeeper:rca 42-7-1 -->', `text\n${KEYED}`, '<!-- watchkeeper:page Q1 -->'])('%j names none', (description) => {
  expect(analysedBy({ description })).toBeUndefined();
});

describe('an analysis is', () => {
  const is = (more: Partial<Issue>): boolean => isAnalysisIssue(snapshot({ isIncidentType: false, ...more }).issue, [bot.id, 8], config());
  it.each<{ name: string; issue: Partial<Issue>; wanted: boolean }>([
    { name: "the bot's, by its key", issue: { author: bot, description: KEYED }, wanted: true },
    { name: 'that of a former account of the bot', issue: { author: { id: 8, username: 'bot' }, description: KEYED }, wanted: true },
    { name: "the bot's, by its label, where people took the key away", issue: { author: bot, labels: ['rca'] }, wanted: true },
    { name: "a person's, by label and heading", issue: { author: ana, labels: ['rca'], description: HEADING }, wanted: true },
    { name: "a person's, whatever the form of the heading", issue: { author: ana, labels: ['rca'], description: '**Root cause**\n\nno rotation\n' }, wanted: true },
    { name: 'none by a key that a person wrote', issue: { author: ana, description: KEYED }, wanted: false },
    { name: 'none by the label alone', issue: { author: ana, labels: ['rca'], description: 'Rotate the tokens' }, wanted: false },
    { name: 'none by the heading alone', issue: { author: ana, description: HEADING }, wanted: false },
    { name: 'none by label and heading in a quote', issue: { author: ana, labels: ['rca'], description: '> ## Root cause\n' }, wanted: false },
    { name: 'none that the bot keeps for something else', issue: { author: bot, labels: ['rca'], description: `<!-- watchkeeper:follow-up 42-7-1 -->\n${HEADING}` }, wanted: false },
    { name: 'none that is an incident by its type', issue: { author: bot, description: KEYED, isIncidentType: true }, wanted: false },
    { name: 'none that is an incident by its label', issue: { author: bot, description: KEYED, labels: ['incident'] }, wanted: false },
  ])('$name', ({ issue, wanted }) => {
    expect(is(issue)).toBe(wanted);
  });
});

describe('analyses are', () => {
  const sources = [{ project: 42 }, { group: 'sirt' }];
  it.each([
    { name: 'in the sources', rca: {}, places: [42, 'sirt'] },
    { name: 'in the project for them too', rca: { project: 'sirt/analyses' }, places: [42, 'sirt', 'sirt/analyses'] },
    { name: 'once in one that is both', rca: { project: '42' }, places: [42, 'sirt'] },
  ])('$name', ({ rca, places }) => {
    expect(analysisPlaces(config({ sources, rca })).map(({ id }) => id)).toEqual(places);
  });
});
