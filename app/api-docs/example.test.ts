import { expect, test } from 'vitest';
import { openApi } from '@/lib/api/openapi';
import { routes } from '@/lib/api/routes';
import { exampleOf } from './example';

const { paths } = openApi();

test.each(Object.entries(routes))(
  'the example answer of %s is one that it allows',
  (path, route) => {
    const operation = Object(paths)[path].get;
    const { schema } = operation.responses[200].content['application/json'];
    expect(route.response.safeParse(exampleOf(schema)).error).toBeUndefined();
  },
);
