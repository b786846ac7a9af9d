import { html } from 'hono/html';
import { issueAddress, personAddress, referencesIn } from './addresses.ts';
import { renderMarkdown } from './markdown.ts';
import type { Mail, News, Reason } from './notifications.ts';
import { framed } from './page-frame.ts';
import { moment, people, person, type Html } from './page-parts.ts';
import type { Account } from '../world/records.ts';
import type { World } from '../world/world.ts';

/** The e-mails that everybody would have got, person by person. */
export function notificationsPage(world: World, mails: readonly Mail[]): Html {
  const humans = world.users.filter(({ bot }) => !bot);
  const main = html`<h1>Notifications</h1>
    <p class="quiet">The e-mails that GitLab would have sent, to people who left their notification level as it is.</p>
    <nav aria-label="People">
      <ul class="filters">
        ${humans.map(({ id, username }) => {
          const count = mails.filter(({ userId }) => userId === id).length;
          return html`<li><a href="${personAddress(username)}">@${username} (${count})</a></li>`;
        })}
      </ul>
    </nav>
    ${humans.map((user) => html`<section>${personsMails(world, user, mails)}</section>`)}`;
  return framed(world, { title: 'Notifications', address: '/-/notifications', main });
}

/** The e-mails that one person would have got. */
export function personPage(world: World, user: Account, mails: readonly Mail[]): Html {
  const main = html`<p class="quiet"><a href="/-/notifications">Everybody's notifications</a></p>
    <h1>Notifications of @${user.username}</h1>
    ${personsMails(world, user, mails)}`;
  return framed(world, { title: `Notifications of @${user.username}`, address: personAddress(user.username), main });
}

function personsMails(world: World, user: Account, mails: readonly Mail[]): Html {
  const own = mails.filter(({ userId }) => userId === user.id);
  const count = own.length === 1 ? '1 e-mail' : `${own.length} e-mails`;
  return html`<h2>${person(world, user.id)}: ${user.bot ? 'bots get no e-mails' : count}</h2>
    <ol class="timeline">
      ${own.map((mail) => html`<li>${letter(world, mail)}</li>`)}
    </ol>`;
}

/** Why, in the words of GitLab's footer; a participant is told of no reason. Source: app/models/notification_reason.rb. */
const REASONS: Record<Reason, string> = {
  assigned: 'assigned: you have been assigned an item',
  mentioned: 'mentioned: you have been mentioned',
  participating: 'participating: you are on this issue',
};

/** Source: app/views/notify and app/mailers/emails/issues.rb, the subject as `Re: project | title (#iid)`. */
function letter(world: World, mail: Mail): Html {
  const { issue, title, news, at, reason } = mail;
  const project = world.projectOf(issue);
  const re = news.kind === 'new' ? '' : 'Re: ';
  return html`<article class="comment">
    <h3>
      <a href="${issueAddress(world, issue)}">${re}${project.path.split('/').at(-1)} | ${title} (#${issue.iid})</a>
    </h3>
    <p class="byline quiet">${moment(at)} · ${REASONS[reason]}</p>
    ${told(world, mail)}
    ${'text' in news ? html`<div class="text">${renderMarkdown(news.text, referencesIn(world, project), 4)}</div>` : ''}
  </article>`;
}

function told(world: World, { news, actorId }: Mail): Html {
  const who = person(world, actorId);
  return html`<p>${sentence(world, news, who)}</p>`;
}

function sentence(world: World, news: News, who: Html): Html {
  switch (news.kind) {
    case 'new':
      return html`${who} created an issue:`;
    case 'mentioned':
      return html`${who} mentioned you in an issue:`;
    case 'commented':
      return html`${who} commented:`;
    case 'closed':
    case 'reopened':
      return html`Issue was ${news.kind} by ${who}`;
    case 'reassigned':
      return html`${who} changed the assignee from ${names(world, news.from)} to ${names(world, news.to)}`;
  }
}

function names(world: World, ids: number[]): Html | Html[] {
  return ids.length === 0 ? html`nobody` : people(world, ids);
}
