import type { AnalysisView } from '../decide/analysis.ts';
import { unmetDemands } from '../decide/demands.ts';
import type { Installation } from '../read/config.ts';
import { analysisForm } from '../schema/rca-form.ts';
import { render, tidy } from './engine.ts';
import { toLines } from './issue-templates.ts';

/** The description with which the root cause analysis of an incident is created, without the line of its key. */
export function renderAnalysis({ reference, dueOn }: AnalysisView): string {
  return rendered({ reference, dueOn, label: '' });
}

/**
 * The issue template for an analysis that people open by hand, by file name; none where analyses are off. Its label makes it
 * one. Source: GitLab docs, user/project/description_templates and user/project/quick_actions.
 */
export function renderAnalysisTemplate({ rca: { mode, label } }: Installation): Record<string, string> {
  if (mode === 'off' || label.includes('"')) return {};
  return { 'Root cause analysis.md': rendered({ reference: '', dueOn: '', label }) };
}

function rendered(data: { reference: string; dueOn: string; label: string }): string {
  const form = analysisForm();
  const demanded = unmetDemands({}, form).map(({ field }) => field);
  const sections = [...form.sections.keys()].map((name) => {
    const fields = form.fields.filter(({ section }) => section === name);
    const isDemanded = fields.some(({ path }) => demanded.includes(path[0]));
    return { name, when: isDemanded ? '' : 'voluntary', lines: fields.flatMap(toLines) };
  });
  return tidy(render('issues/rca', { ...data, sections: sections.filter(({ lines }) => lines.length > 0) }));
}
