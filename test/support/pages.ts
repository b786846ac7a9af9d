import type { Scene } from './gitlab.ts';

/** A page as it was answered. */
export type Answer = { status: number; headers: Headers; html: string };

export async function getPage(scene: Scene, path: string, method = 'GET'): Promise<Answer> {
  const response = await fetch(`${scene.gitlab.address}${path}`, { method });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

/** Text that wants to run, to be seen, to send, or to leave its place; wherever it runs it sets the global `hacked`. */
export const HOSTILE_TEXT = `<script>hacked = 1; alert(1)</script><img src="http://evil.example/x.png" onerror="hacked = 1"><svg onload="hacked = 1"></svg>
<iframe src="http://evil.example"></iframe><style>body { display: none }</style><form action="http://evil.example"><button>go</button></form>
<a href="javascript:hacked = 1" onclick="hacked = 1">one</a> <a href="data:text/html,x">two</a> <a href="//evil.example" target="_blank">three</a>
<base href="http://evil.example"><meta http-equiv="refresh" content="0;url=http://evil.example"><link rel="stylesheet" href="http://evil.example">
<p style="position: fixed" id="main" class="skip">four</p></details></main></article></body></html>

[five](javascript:hacked=1) ![six](http://evil.example/y.png) <details open ontoggle="hacked = 1"><summary>seven</summary>eight

</details>

"'><script>hacked = 1</script> {{hacked}} nine`;

/** An incident that is hostile in every text that people choose: title, description, label, comment, and the name of its author. */
export function hostileIncident(scene: Scene): string {
  const { world } = scene.gitlab;
  const mallory = world.addUser('mallory', { name: HOSTILE_TEXT });
  scene.project.members.set(mallory.id, 40);
  const issue = scene.closed(HOSTILE_TEXT, { authorId: mallory.id, closedById: mallory.id, title: HOSTILE_TEXT, labels: [HOSTILE_TEXT, `closure::${HOSTILE_TEXT}`] });
  issue.assigneeIds = [world.userNamed('ana').id];
  const at = world.now();
  for (const system of [false, true]) world.notes.add({ id: world.nextId(), issueId: issue.id, body: HOSTILE_TEXT, authorId: mallory.id, system, internal: false, createdAt: at, updatedAt: at });
  world.labelChanges.add({ id: world.nextId(), issueId: issue.id, userId: mallory.id, action: 'add', label: HOSTILE_TEXT, createdAt: at });
  world.tell({ kind: 'issue', issue, actorId: mallory.id, action: 'open', before: undefined });
  return `/sirt/incidents/-/issues/${issue.iid}`;
}
