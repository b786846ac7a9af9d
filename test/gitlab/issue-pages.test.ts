import { describe, expect, it } from 'vitest';
import { LeftOver } from '../../scripts/ci/errors.ts';
import { createIssueLists } from '../../scripts/gitlab/issue-lists.ts';

/** What the second page is asked for, where the first one came with such a link. */
async function secondOf(link: string): Promise<object | undefined> {
  const asked: object[] = [];
  const get = (_endpoint: string, { searchParams }: { searchParams?: object }): Promise<{ body: unknown; headers: { link: string } }> => {
    asked.push(searchParams ?? {});
    return Promise.resolve({ body: [], headers: { link: asked.length === 1 ? link : '' } });
  };
  const { issuePages } = createIssueLists({ all: () => Promise.resolve([]), requester: { get } });
  for await (const page of issuePages({ kind: 'project', id: 42 }, { state: 'opened' })) expect(page).toEqual([]);
  return asked[1];
}

describe('the next page of a list', () => {
  it.each([
    { name: 'a cursor', link: '<https://gitlab/api/v4/projects/42/issues?cursor=abc%3D&pagination=keyset>; rel="next"', asks: { cursor: 'abc=', pagination: 'keyset' } },
    { name: 'a number', link: '<https://gitlab/issues?page=1>; rel="first", <https://gitlab/issues?page=2>; rel="next"', asks: { page: '2' } },
    { name: 'a number after a comma', link: '<https://gitlab/issues?labels=a,b&page=2>; rel="next", <https://gitlab/issues?page=1>; rel="first"', asks: { page: '2' } },
    { name: 'a number, without quotation marks', link: '<https://gitlab/issues?page=2>; rel=next', asks: { page: '2' } },
    { name: 'a number, of an address without a host', link: '</api/v4/issues?page=2>; rel="next"', asks: { page: '2' } },
  ])('is asked for by $name', async ({ link, asks }) => {
    expect(await secondOf(link)).toMatchObject(asks);
  });

  it('is none where no link leads there', async () => {
    expect(await secondOf('<https://gitlab/issues?page=1>; rel="first"')).toBeUndefined();
  });

  it('is not guessed where its link says neither', async () => {
    await expect(secondOf('<https://gitlab/issues?id_after=42>; rel="next"')).rejects.toThrow(LeftOver);
  });
});
