import closure from '../../schemas/closure.schema.json' with { type: 'json' };
import config from '../../schemas/config.schema.json' with { type: 'json' };
import eventEmoji from '../../schemas/event-emoji.schema.json' with { type: 'json' };
import eventIds from '../../schemas/event-ids.schema.json' with { type: 'json' };
import eventIssue from '../../schemas/event-issue.schema.json' with { type: 'json' };
import eventMergeRequest from '../../schemas/event-merge-request.schema.json' with { type: 'json' };
import eventNote from '../../schemas/event-note.schema.json' with { type: 'json' };
import eventPagerduty from '../../schemas/event-pagerduty.schema.json' with { type: 'json' };
import factsAck from '../../schemas/facts-ack.schema.json' with { type: 'json' };
import factsCall from '../../schemas/facts-call.schema.json' with { type: 'json' };
import factsGate from '../../schemas/facts-gate.schema.json' with { type: 'json' };
import factsHandoff from '../../schemas/facts-handoff.schema.json' with { type: 'json' };
import factsLearning from '../../schemas/facts-learning.schema.json' with { type: 'json' };
import factsLog from '../../schemas/facts-log.schema.json' with { type: 'json' };
import handoff from '../../schemas/handoff.schema.json' with { type: 'json' };
import history from '../../schemas/history.schema.json' with { type: 'json' };
import incident from '../../schemas/incident.schema.json' with { type: 'json' };
import metrics from '../../schemas/metrics.schema.json' with { type: 'json' };
import rca from '../../schemas/rca.schema.json' with { type: 'json' };
import shiftLog from '../../schemas/shift-log.schema.json' with { type: 'json' };
import type { Shapes } from './types.gen.ts';

/** The name of a shape; `schemas/NAME.schema.json` is its source. */
export type ShapeName = keyof Shapes;

/** A JSON Schema as data. */
export type Schema = Readonly<Record<string, unknown>>;

/** The schemas as they lie in `schemas/`. */
export const SCHEMAS = {
  closure,
  config,
  'event-emoji': eventEmoji,
  'event-ids': eventIds,
  'event-issue': eventIssue,
  'event-merge-request': eventMergeRequest,
  'event-note': eventNote,
  'event-pagerduty': eventPagerduty,
  'facts-ack': factsAck,
  'facts-call': factsCall,
  'facts-gate': factsGate,
  'facts-handoff': factsHandoff,
  'facts-learning': factsLearning,
  'facts-log': factsLog,
  handoff,
  history,
  incident,
  metrics,
  rca,
  'shift-log': shiftLog,
} as const satisfies Record<ShapeName, object>;
