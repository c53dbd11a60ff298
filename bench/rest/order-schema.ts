/** The check nobody could leave out: the fields of an order body and their types. */
export const submitOrderSchema = {
  type: 'object',
  required: ['symbol', 'qty', 'side', 'type', 'time_in_force'],
  properties: {
    symbol: { type: 'string', minLength: 1, maxLength: 32 },
    qty: { type: ['string', 'number'] },
    side: { enum: ['buy', 'sell'] },
    type: { enum: ['market', 'limit'] },
    time_in_force: { enum: ['day', 'gtc', 'ioc', 'fok'] },
    limit_price: { type: ['string', 'number'] },
    client_order_id: { type: 'string', minLength: 1, maxLength: 128 },
  },
} as const;
