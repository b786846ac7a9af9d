import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../scripts/read/config.ts';
import { drawChart } from '../../scripts/render/chart.ts';
import { renderDashboard, type DashboardData } from '../../scripts/render/dashboard.ts';
import { showMinutes } from '../../scripts/render/times.ts';
import type { Life } from '../../scripts/schema/types.gen.ts';
import { ATTACKS } from '../security/hostile.ts';
import { ago, analysis, dashboard, followUp, history, life, metrics, PEOPLE, quarter } from '../support/dashboard.ts';
import { config, NOW } from '../support/snapshot.ts';

const GUIDE = await readConfig('schemas/examples/config/rosters/guide.yml');

async function pageOf(more: Partial<DashboardData> = {}): Promise<string> {
  return (await renderDashboard(dashboard(more)))['index.html'] ?? '';
}

/** What is read of a piece of HTML. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')
    .trim();

/** The rows of the table in the region of that name, as what is read in their cells. */
function rowsIn(html: string, region: string): string[][] {
  const [, table = ''] = html.split(`role="region" aria-label="${region}"`);
  const body = table.slice(table.indexOf('<tbody>'), table.indexOf('</tbody>'));
  return (body.match(/<tr>[^]*?<\/tr>/g) ?? []).map((row) => (row.match(/<t[hd][^]*?<\/t[hd]>/g) ?? []).map(textOf));
}

const ATTENTION = 'Incidents that need attention';
const OVERDUE = 'Overdue follow-ups and analyses';
const acknowledged = { at: ago(4), by: 1 };

describe('what needs attention', () => {
  it.each<{ name: string; of: Partial<Life>; why: string[] }>([
    { name: 'is an incident that was escalated', of: { labels: ['ack::escalated'] }, why: ['escalated'] },
    { name: 'is one that nobody acknowledged', of: { labels: ['ack::pending'] }, why: ['not acknowledged'] },
    { name: 'is one that the gate sent back', of: { gate: 'blocked' }, why: ['blocked'] },
    { name: 'is one that is disputed, though it is closed', of: { gate: 'disputed', state: 'closed', closed_at: ago(1) }, why: ['disputed'] },
    { name: 'is one that nobody reviewed', of: { labels: ['ack::done', 'review::due'] }, why: ['review due'] },
    { name: 'is one whose stakeholders wait', of: { labels: ['update::due'] }, why: ['update due'] },
    { name: 'is each of its reasons', of: { labels: ['review::due', 'ack::escalated'], gate: 'blocked' }, why: ['escalated blocked review due'] },
    { name: 'is none that was acknowledged while its label still says otherwise', of: { labels: ['ack::escalated'], acknowledged }, why: [] },
    { name: 'is none that is closed with labels of when it was open', of: { labels: ['ack::pending', 'review::due'], state: 'closed', closed_at: ago(1) }, why: [] },
    { name: 'is none that is in good order', of: { labels: ['ack::done'], gate: 'open' }, why: [] },
  ])('$name', async ({ of, why }) => {
    const page = await pageOf({ history: history({ incidents: [life(1, of)] }) });
    expect(rowsIn(page, ATTENTION).map((row) => row[1])).toEqual(why);
    expect(page.includes('Nothing does')).toBe(why.length === 0);
  });

  it('is in the order in which it presses, then by severity, then by age', async () => {
    const incidents = [
      life(1, { labels: ['review::due'], severity: 1 }),
      life(2, { gate: 'blocked', severity: 4, paged_at: ago(3) }),
      life(3, { gate: 'blocked', severity: 4, paged_at: ago(9) }),
      life(4, { gate: 'disputed' }),
      life(5, { labels: ['ack::pending'], severity: 3 }),
      life(6, { labels: ['ack::pending'] }),
      life(7, { labels: ['ack::escalated'], severity: 4 }),
    ];
    const page = await pageOf({ history: history({ incidents }) });
    expect(rowsIn(page, ATTENTION).map(([issue]) => issue?.split(' ')[0])).toEqual([7, 6, 5, 4, 3, 2, 1].map((iid) => `sirt/incidents#${iid}`));
    const counts = page.match(/<li class="count">[^]*?<\/li>/g)?.map(textOf);
    expect(counts).toEqual(['1 escalated', '2 not acknowledged', '1 disputed', '2 blocked', '1 review due']);
  });

  it('counts what is overdue, and leads to it', async () => {
    const page = await pageOf({ history: history({ follow_ups: [followUp(1, { due_on: '2026-11-19' })], analyses: [analysis(2, { due_on: '2026-11-02' })] }) });
    expect(page.match(/<li class="count"><a href="#overdue">[^]*?<\/li>/g)?.map(textOf)).toEqual(['1 follow-up overdue', '1 analysis overdue']);
  });
});

describe('incidents', () => {
  it('that are open are shown with all that is asked of them', async () => {
    const incidents = [
      life(7, { severity: 1, owner: 2, gate: 'blocked', missing: ['OWNER_MISSING', 'RCA_MISSING'], paged_at: ago(27.5) }),
      life(8, { acknowledged, labels: ['ack::done'], confidential: true, title: 'Zebra' }),
      life(9, { labels: ['ack::pending'], owner: 77 }),
    ];
    expect(rowsIn(await pageOf({ history: history({ incidents }) }), 'Open incidents')).toEqual([
      ['sirt/incidents#7 Incident 7', 'S1', 'open', 'blocked', 'ben', '1 d 3 h since 2026-11-19 06:30 UTC', 'OWNER_MISSING RCA_MISSING'],
      ['sirt/incidents#8 confidential', 'none', 'open, acknowledged', 'not judged yet', 'nobody', '5 h since 2026-11-20 05:00 UTC', 'nothing'],
      ['sirt/incidents#9 Incident 9', 'none', 'open, not acknowledged', 'not judged yet', 'nobody', '5 h since 2026-11-20 05:00 UTC', 'nothing'],
    ]);
  });

  it('that were closed in the last four weeks are shown, the last first', async () => {
    const closed = (iid: number, hours: number, more: Partial<Life>): Life => life(iid, { state: 'closed', closed_at: ago(hours), paged_at: ago(hours + 2), ...more });
    const incidents = [
      closed(1, 28 * 24 + 1, {}),
      closed(2, 28 * 24 - 1, { gate: 'exempt', exemption: 'OVERRIDDEN', severity: 2 }),
      closed(3, 1, { gate: 'verified', outcome: 'false positive', missing: ['OWNER_MISSING'], owner: 1 }),
    ];
    expect(rowsIn(await pageOf({ history: history({ incidents }) }), 'Closed incidents')).toEqual([
      ['sirt/incidents#3 Incident 3', 'none', 'false positive', 'verified', 'ana', '2026-11-20 09:00 UTC', '2 h', 'OWNER_MISSING'],
      ['sirt/incidents#2 Incident 2', 'S2', 'closed', 'overridden', 'nobody', '2026-10-23 11:00 UTC', '2 h', 'nothing'],
    ]);
  });

  it('are linked to GitLab', async () => {
    expect(await pageOf({ history: history({ incidents: [life(7)] }) })).toContain('<a href="https://gitlab.example.com/sirt/incidents/-/issues/7">sirt/incidents#7</a>');
  });

  it('beyond two hundred are counted', async () => {
    const page = await pageOf({ history: history({ incidents: Array.from({ length: 203 }, (_, index) => life(index + 1)) }) });
    expect([rowsIn(page, 'Open incidents').length, page.includes('Open incidents (203)'), page.includes('And 3 more, in GitLab.')]).toEqual([200, true, true]);
  });
});

describe('what is overdue', () => {
  it('are follow-ups and analyses that are open past their last day', async () => {
    const follow_ups = [
      followUp(1, { due_on: '2026-11-19', kind: 'tooling', assignees: [1, 2], incident: { project: 42, iid: 7 } }),
      followUp(2, { due_on: '2026-11-20' }),
      followUp(3, { due_on: '2026-11-01', state: 'closed' }),
      followUp(4, { due_on: '2026-11-16', confidential: true, title: 'Zebra', severity: 1 }),
    ];
    const analyses = [analysis(5, { due_on: '2026-11-10', incident: { project: 42, iid: 7 }, assignees: [3] }), analysis(6, { state: 'closed', due_on: '2026-11-10' })];
    const page = await pageOf({ history: history({ incidents: [life(7, { severity: 2 })], follow_ups, analyses }) });
    expect(rowsIn(page, OVERDUE)).toEqual([
      ['sirt/analyses#5', 'root cause analysis', 'S2', '2026-11-10', '10 days', 'lea', 'sirt/incidents#7'],
      ['sirt/follow-ups#4 confidential', 'follow-up', 'S1', '2026-11-16', '4 days', 'nobody', 'unknown'],
      ['sirt/follow-ups#1 Follow-up 1', 'follow-up: tooling', 'S2', '2026-11-19', '1 day', 'ana , ben', 'sirt/incidents#7'],
    ]);
  });

  it('is so by the day in the zone of the configuration', async () => {
    const due = { history: history({ follow_ups: [followUp(1, { due_on: '2026-11-20' })] }), now: new Date('2026-11-20T12:00:00Z') };
    const overdueIn = async (time_zone: string): Promise<number> => rowsIn(await pageOf({ ...due, config: config({ time_zone }) }), OVERDUE).length;
    expect([await overdueIn('UTC'), await overdueIn('Pacific/Kiritimati')]).toEqual([0, 1]);
  });
});

describe('who is on call', () => {
  it('is told for now and the next two weeks, on the page and as a calendar', async () => {
    const files = await renderDashboard(dashboard({ config: GUIDE }));
    const page = files['index.html'] ?? '';
    expect(textOf(page.split('id="duty-title"')[1]?.split('</dl>')[0] ?? '')).toBe('>On call now On-call engineer eve On-call manager lea');
    expect(rowsIn(page, 'Roster of the engineers')[0]).toEqual(['Fri 2026-11-20 10:00', 'Fri 2026-11-20 19:00', 'Fri 2026-11-20 11:00', 'Fri 2026-11-20 20:00', 'eve']);
    expect(rowsIn(page, 'Roster of the engineers').at(-1)?.[1]).toBe('Fri 2026-12-04 10:00');
    expect(page).toContain('href="roster.ics"');
    const events = new ICAL.Component(ICAL.parse(files['roster.ics'] ?? '') as unknown[]).getAllSubcomponents('vevent');
    expect(events.length).toBeGreaterThan(20);
  });

  it('says who stands in and why', async () => {
    const layer = { name: 'all', start: '2026-11-02', rotation: ['@ana'], rotate: 'week', shifts: [{ days: 'mon', from: '08:00', to: '20:00' }] };
    expect(await pageOf({ config: config({ roster: { engineers: { layers: [layer], fallback: '@lea' } } }) })).toContain('<bdi>lea</bdi></strong> <span class="quiet">stands in: nobody is on call');
  });
});

describe('trends', () => {
  const weeks = metrics(14, (week) => (week === 13 ? { incidents: { opened: 5, closed: 4, open: 9, by_severity: [] }, time_to_acknowledge: { count: 5, median_minutes: 7.4, p90_minutes: 95 } } : {}));

  it('show the last twelve weeks in tables, of which the last is not over', async () => {
    const rows = rowsIn(await pageOf({ metrics: weeks }), 'The numbers of Incidents');
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([12, ['2026-08-31', '0', '0', '0'], ['2026-11-16 (so far)', '5', '4', '9']]);
  });

  it('say times as people do, and tell no data from none', async () => {
    const rows = rowsIn(await pageOf({ metrics: weeks }), 'The numbers of Time to acknowledge');
    expect(rows.slice(-2).map((row) => row.slice(1))).toEqual([
      ['no data', 'no data', '0'],
      ['7 min', '1 h 35 min', '5'],
    ]);
  });

  it('have a chart in light and dark where there are numbers, with the latest in words', async () => {
    const files = await renderDashboard(dashboard({ metrics: weeks }));
    expect(Object.keys(files).sort()).toEqual(['acknowledge-dark.svg', 'acknowledge.svg', 'icon.svg', 'incidents-dark.svg', 'incidents.svg', 'index.html', 'style.css']);
    expect(files['index.html']).toContain('alt="Chart of Incidents, opened and closed in each week. Week of 2026-11-16 (so far): opened 5, closed 4. All numbers are in the table below."');
    expect(files['incidents.svg']).not.toBe(files['incidents-dark.svg']);
  });

  it('are there for all that is promised, and each chart is shown', async () => {
    const files = await renderDashboard(await quarter());
    const names = ['incidents', 'acknowledge', 'resolve', 'reopened', 'pages', 'reviews', 'follow-ups'];
    const charts = names.flatMap((name) => [`${name}.svg`, `${name}-dark.svg`]);
    expect(Object.keys(files).sort()).toEqual([...charts, 'icon.svg', 'index.html', 'roster.ics', 'style.css'].sort());
    const named = [...(files['index.html'] ?? '').matchAll(/(?:src|href)="([^"#:]+)"/g)].map(([, name = '']) => name);
    expect([...new Set(named)].sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'index.html')
        .sort(),
    );
  });

  it('tell what was missing most often', async () => {
    const gate = {
      closed: 9,
      reopened: 3,
      reopen_rate: 1 / 3,
      verified: 5,
      exempt: 1,
      overridden: 0,
      disputed: 0,
      missing: [
        { code: 'OWNER_MISSING', count: 3 },
        { code: 'RCA_MISSING', count: 1 },
      ],
    };
    const page = await pageOf({ metrics: metrics(1, () => ({}), { gate }) });
    expect(rowsIn(page, 'Missing most often').map((row) => row.slice(0, 2))).toEqual([
      ['OWNER_MISSING', '3'],
      ['RCA_MISSING', '1'],
    ]);
    expect(textOf(page)).toContain('Reopened by the gate 33 % 3 of 9');
  });

  it.each([
    { minutes: 0, told: '0 min' },
    { minutes: 59.6, told: '1 h' },
    { minutes: 200, told: '3 h 20 min' },
    { minutes: 1440, told: '1 d' },
    { minutes: 3000.4, told: '2 d 2 h' },
    { minutes: -5, told: '0 min' },
  ])('say $minutes minutes as $told', ({ minutes, told }) => {
    expect(showMinutes(minutes)).toBe(told);
  });
});

describe('the page', () => {
  it('says when it was made, in UTC and in the zone of the configuration', async () => {
    expect(textOf(await pageOf({ config: config({ time_zone: 'Asia/Tokyo' }) }))).toContain('Made 2026-11-20 10:00 UTC (2026-11-20 19:00 Asia/Tokyo), from GitLab as of 2026-11-20 09:58 UTC .');
    expect(textOf(await pageOf())).toContain('Made 2026-11-20 10:00 UTC , from GitLab');
  });

  it('of a new installation reads well', async () => {
    const files = await renderDashboard(dashboard());
    expect(Object.keys(files).sort()).toEqual(['icon.svg', 'index.html', 'style.css']);
    const text = textOf(files['index.html'] ?? '');
    for (const words of [
      'No incident is on record yet',
      'No roster is configured',
      'No incident is open.',
      'No follow-up and no analysis is overdue.',
      'No week has been counted yet.',
      'No incident was closed in the last 4 weeks.',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/undefined|NaN|null|\(nothing\)|\[object/);
  });

  it('runs nothing, asks nobody else, and is not to be found', async () => {
    const { 'index.html': page = '', 'style.css': style = '', ...others } = await renderDashboard(await quarter());
    expect(page).toContain(`content="default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"`);
    expect(page).toMatch(/<meta name="referrer" content="no-referrer">\s*<meta name="robots" content="noindex, nofollow">/);
    expect(page.match(/<script|<iframe|<object|<form|\son\w+=|\sstyle=|javascript:/gi)).toBe(null);
    expect(style.match(/@import|url\(|https?:/g)).toBe(null);
    const drawn = Object.values(others)
      .join('')
      .replaceAll(/ xmlns(?::xlink)?="[^"]*"/g, '');
    expect(drawn.match(/<script|<style|<image|<foreignObject|href|url\((?!#c\d)|class=|https?:/gi)).toBe(null);
  });

  it('is the same, byte by byte, whatever was drawn before', async () => {
    const first = await renderDashboard(await quarter());
    await renderDashboard(dashboard({ metrics: metrics(3, () => ({ pages: { count: 3, out_of_hours: 1, shifts: 1, per_shift: 3, per_person: [] } })) }));
    expect(await renderDashboard(await quarter())).toEqual(first);
  });

  it('leaves the record as it is', async () => {
    const data = await quarter();
    const before = structuredClone(data.history);
    await renderDashboard(data);
    expect(data.history).toEqual(before);
  });
});

/** A page on which one text stands wherever people, or whoever changes the record, can write. */
function written(text: string): Partial<DashboardData> {
  const people = PEOPLE.map(({ id }) => ({ id, username: text }));
  const incidents = [
    life(1, { title: text, reference: text, owner: 1, missing: [text], labels: ['ack::escalated', text] }),
    life(2, { title: text, reference: text, state: 'closed', closed_at: ago(1), missing: [text], owner: 2 }),
  ];
  const follow_ups = [followUp(3, { title: text, reference: text, kind: text, due_on: '2026-11-01', assignees: [1, 2], incident: { project: 42, iid: 1 } })];
  const missing = [{ code: text, count: 2 }];
  const gate = { closed: 1, reopened: 1, reopen_rate: 1, verified: 0, exempt: 0, overridden: 0, disputed: 0, missing };
  const onCalls = { engineers: [{ start: ago(5), end: ago(-500), user: text }], managers: [] };
  const roster = { ...config({ roster: { pagerduty: { schedule: 'PABC123', fallback: '@lea' } } }), onCalls };
  return { history: history({ people, incidents, follow_ups, analyses: [analysis(4, { reference: text, due_on: '2026-11-01' })] }), metrics: metrics(2, () => ({}), { gate }), config: roster };
}

const tagsIn = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];
const TAGS = tagsIn(await pageOf(written('x')));

describe('text of people', () => {
  it.each([
    ...ATTACKS.map((attack) => `zebra ${attack} zebra`),
    `"'><script>hacked = 1</script>`,
    '" onmouseover="x',
    "' autofocus onfocus='x",
    '</title><svg/onload=x>',
    '<!--',
    '<![CDATA[',
    '&#60;script&#62;',
  ])('adds no tag and no attribute as %j', async (text) => {
    const page = await pageOf(written(text));
    expect(tagsIn(page)).toEqual(TAGS);
    expect(page.match(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\u2028|\u2029/gu)).toBe(null);
  });

  it('adds no tag and no attribute, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        expect(tagsIn(await pageOf(written(`z${text}`)))).toEqual(TAGS);
      }),
      { numRuns: 30 },
    );
  });

  it('is shown whole, as it was written', async () => {
    const title = `<b>"it's" & {{x}} = 1</b> العربية`;
    const page = await pageOf({ history: history({ incidents: [life(1, { title })] }) });
    expect(rowsIn(page, 'Open incidents')[0]?.[0]).toBe(`sirt/incidents#1 ${title}`);
  });

  it('is cut where it is very long', async () => {
    expect((await pageOf(written('y'.repeat(5000)))).match(/y{201}/)).toBe(null);
  });

  it.each(['javascript:hacked=1', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//evil.example', 'sirt/incidents#1', '', ' javascript:x', 'java\nscript:x'])(
    'gives no link as the address %j',
    async (url) => {
      expect(await pageOf({ history: history({ incidents: [life(1, { url })] }) })).toContain('<a>sirt/incidents#1</a>');
    },
  );

  it('leaves no address its own marks', async () => {
    const page = await pageOf({ history: history({ incidents: [life(1, { url: `https://gitlab.example.com/"><script>x</script>?a='b'&c=d` })] }) });
    expect(page).toContain('<a href="https://gitlab.example.com/%22%3E%3Cscript%3Ex%3C/script%3E?a&#61;%27b%27&#38;c&#61;d">');
  });

  it('of confidential issues is not shown, even where the record has it', async () => {
    const secret = { confidential: true, title: 'zebra' };
    const incidents = [life(1, { ...secret, labels: ['ack::pending'] }), life(2, { ...secret, state: 'closed', closed_at: ago(1) })];
    const files = await renderDashboard(dashboard({ history: history({ incidents, follow_ups: [followUp(3, { ...secret, due_on: '2026-11-01' })] }) }));
    expect(Object.values(files).join('').match(/zebra/)).toBe(null);
    expect((files['index.html'] ?? '').match(/confidential<\/span>/g)?.length).toBe(4);
  });

  it('enters a chart as text', async () => {
    const text = `</text><script>x</script>"'&]]> class="zr1-cls-1" <style ><![CDATA[`;
    const draw = async (words: string): Promise<string> =>
      drawChart(
        {
          form: 'bars',
          labels: [words, 'b'],
          unit: words,
          series: [
            { name: words, values: [1, 2] },
            { name: 'c', values: [null, 2] },
          ],
        },
        { text: '#000', line: '#ccc', series: ['#00f', '#f00'] },
      );
    const names = (svg: string): string[] => tagsIn(svg).map((tag) => tag.split(/[\s>]/)[0] ?? '');
    expect([...new Set(names(await draw(text)))].sort()).toEqual([...new Set(names(await draw('x')))].sort());
    expect(textOf(await draw(text).then((svg) => svg.replaceAll('&lt;', '<')))).not.toBe('');
  });
});

it('a quarter with 300 incidents is made in no time, and small', async () => {
  const data = await quarter();
  const begin = performance.now();
  const files = await renderDashboard({ ...data, now: NOW });
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(400_000);
});
