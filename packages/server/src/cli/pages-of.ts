import type { ApiClient, ApiQuery } from './api-client.ts';

const longestPage = 500;

/** What a list of the API holds, page by page: all of it, or the first `most`. */
export async function* pagesOf<Item>(
  api: Pick<ApiClient, 'get'>,
  path: string,
  field: string,
  query: ApiQuery = {},
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Item> {
  let left = most;
  for (let cursor: string | undefined; left > 0; ) {
    const limit = Math.min(left, longestPage);
    const { body } = await api.get<Readonly<Record<string, unknown>>>(path, { ...query, limit, cursor });
    const items = (body[field] ?? []) as readonly Item[];
    yield* items.slice(0, left);
    left -= items.length;
    const next = body['next'];
    if (typeof next !== 'string' || next === cursor) return;
    cursor = next;
  }
}
