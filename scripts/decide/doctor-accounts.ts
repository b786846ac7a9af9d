import { LEVELS } from '../gitlab/levels.ts';
import { namedPeople } from '../read/named-people.ts';
import { isSameUser } from '../read/people.ts';
import type { Standing } from '../read/standing.ts';
import type { Config } from '../schema/types.gen.ts';
import type { Finding } from './findings.ts';
import { daysLeft } from './token-expiry.ts';

const [WARNING_DAYS, ERROR_DAYS] = [30, 7];

/** The bot: whose account it is, what its token may and for how long, and its role in every place. */
export function accountFindings(standing: Standing, config: Config, now: Date): Finding[] {
  return [
    ...tokenFindings(standing, now),
    ...identityFindings(standing, config),
    ...(standing.home.botLevel >= LEVELS.developer
      ? []
      : [
          {
            code: 'BOT_ROLE' as const,
            where: standing.home.project.path,
            about: { level: String(standing.home.botLevel), role: 'Maintainer' },
          },
        ]),
    ...standing.places.flatMap(({ place, botLevel, isSource }): Finding[] => {
      const needed = isSource ? LEVELS.developer : LEVELS.reporter;
      const about = { level: String(botLevel), role: isSource ? 'Developer' : 'Reporter' };
      return botLevel >= needed ? [] : [{ code: 'BOT_ROLE', where: String(place.id), about }];
    }),
  ];
}

function tokenFindings({ botToken, bot }: Standing, now: Date): Finding[] {
  if (!botToken) return [];
  const { scopes, expiresOn } = botToken;
  const where = `@${bot.username}`;
  const leftDays = expiresOn === undefined ? Infinity : daysLeft(expiresOn, now);
  const about = { day: expiresOn ?? '', days: String(leftDays) };
  return [
    ...(scopes.includes('api') ? [] : [{ code: 'TOKEN_SCOPE' as const, where, about: { scopes: scopes.join(', ') } }]),
    ...(leftDays > WARNING_DAYS
      ? []
      : [{ code: leftDays > ERROR_DAYS ? ('TOKEN_EXPIRES' as const) : ('TOKEN_ENDS' as const), where, about }]),
  ];
}

/**
 * A person's account would be taken for the bot's: what it does is passed over, and it may neither override nor acknowledge.
 * Comments of ours by another bot are those of the bot as it was. Source: platform sheet, section 5, bot options.
 */
function identityFindings({ bot, strangers }: Standing, config: Config): Finding[] {
  const isNamed = config.bot.username !== undefined && isSameUser(config.bot.username, bot.username);
  const isOnCall = namedPeople(config).some((name) => isSameUser(name, bot.username));
  const isPerson = isOnCall || (!bot.isBot && !isNamed);
  return [
    ...(isPerson ? [{ code: 'BOT_IS_PERSON' as const, where: `@${bot.username}`, about: { user: bot.username } }] : []),
    ...strangers.map(({ id, username }): Finding => ({
      ...{ code: 'BOT_RECREATED', where: `@${bot.username}` },
      about: { user: username, id: String(id) },
    })),
  ];
}
