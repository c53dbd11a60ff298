/**
 * The peer of `bench rest`: node:http alone, doing what nobody could leave out. It reads the
 * body, checks it against the same schema by Ajv, and answers an order object of the same size.
 */
import { createServer } from 'node:http';
import { Ajv } from 'ajv';
import { submitOrderSchema } from './order-schema.ts';

const check = new Ajv({ coerceTypes: false }).compile(submitOrderSchema);

const answer = {
  id: '00000000-0001-4000-8000-000000000000',
  client_order_id: '',
  created_at: '2013-10-07T13:30:00Z',
  updated_at: '2013-10-07T13:30:00Z',
  submitted_at: '2013-10-07T13:30:00Z',
  filled_at: null,
  expired_at: null,
  expires_at: null,
  canceled_at: null,
  failed_at: null,
  replaced_at: null,
  replaced_by: null,
  replaces: null,
  asset_id: '00000000-0000-4000-8000-000000000000',
  symbol: 'BAC',
  asset_class: 'us_equity',
  notional: null,
  qty: '1',
  filled_qty: '0',
  filled_avg_price: null,
  order_class: '',
  order_type: 'limit',
  type: 'limit',
  side: 'buy',
  position_intent: 'buy_to_open',
  time_in_force: 'ioc',
  limit_price: '1',
  stop_price: null,
  trail_price: null,
  trail_percent: null,
  hwm: null,
  status: 'canceled',
  extended_hours: false,
  legs: null,
  ratio_qty: null,
  source: null,
  subtag: null,
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (!check(body)) {
      response.writeHead(422).end();
      return;
    }
    const { client_order_id: id } = body as unknown as { client_order_id: string };
    const text = JSON.stringify({ ...answer, client_order_id: id });
    response
      .writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      })
      .end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
