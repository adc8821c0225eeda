import { describe, expect, test } from 'vitest';
import { operator } from '../app/changes/changing.fixture.ts';
import { apiWorlds } from './api/api-app.fixture.ts';

const openWorld = apiWorlds();
const problem = 'application/problem+json';

describe('what the API cannot read', () => {
  const post = async (body: string | undefined, headers: Readonly<Record<string, string>>) => {
    const world = await openWorld();
    return world.listening(async (url) => {
      const response = await fetch(`${url}/api/v1/changes`, {
        method: 'POST',
        headers: { ...world.by(operator).headers, ...headers },
        ...(body !== undefined && { body }),
      });
      expect(world.bugs).toEqual([]);
      expect(response.headers.get('content-type')).toBe(problem);
      const { type, detail } = (await response.json()) as { readonly type: string; readonly detail?: string };
      return { status: response.status, type, detail };
    });
  };
  const json = { 'Content-Type': 'application/json' };

  test.each(['{', '', '{"reason":"\u0000"}', "{'reason':1}", '[1,]'])('the text %j is no JSON: 400', async (text) => {
    expect(await post(text, json)).toEqual({
      status: 400,
      type: '/problems/usage',
      detail: 'Malformed JSON in request body',
    });
  });

  test('a body of another type is 415, and none where one is wanted 400', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      expect(await post('reason=1', { 'Content-Type': type })).toMatchObject({ status: 415, type: 'about:blank' });
    }
    expect(await post(undefined, {})).toMatchObject({ status: 400, type: '/problems/usage' });
  });
});

test('what the API does not have is 404 for those who are let in, and 401 for the others', async () => {
  const world = await openWorld();
  for (const path of ['/nothing', '/', '/changes/1/nothing', '/objects/rule/10/versions/1/more']) {
    const { status, headers } = await world.by(operator).get(path);
    expect([status, headers.get('content-type')]).toEqual([404, problem]);
    expect((await world.routes.request(`/api/v1${path}`, {}, { incoming: undefined })).status).toBe(401);
  }
  expect((await world.by(operator).ask('DELETE', '/changes')).status).toBe(404);
});
