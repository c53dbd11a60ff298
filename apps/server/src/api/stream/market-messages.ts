/**
 * The market-data socket's messages, in both encodings: trade `t`, quote `q`, bars `b` and `d`.
 *
 * Every message is an array of one map, `T` first. The fields are those of REST; JSON times are
 * RFC 3339, MessagePack times are extension −1 with nanoseconds. docs/reference/streams.md.
 */
import type { Instrument } from '@rialto/engine/instruments/instrument';
import { quoteConditionLetters } from '@rialto/engine/market/quote-conditions';
import { tradeConditionLetters } from '@rialto/engine/market/trade-conditions';
import { type Price, priceToDollars } from '@rialto/engine/values/price';
import type { BarView, QuoteView, TradeView } from '@rialto/engine/venue/views';
import { barJson } from '../alpaca/bar-json.ts';
import { consolidatedTape } from '../alpaca/consolidated-tape.ts';
import { formatTime } from '../alpaca/rfc3339.ts';
import { type ByteString, frame, jsonFrame, OPCODE_BINARY } from './frame.ts';
import { packFloat, packInteger, packText, packTexts, packTime } from './msgpack-bytes.ts';
import type { Encode } from './topic.ts';

/** What the messages say about an instrument. */
export interface InstrumentLabel {
  readonly symbol: string;
  /** The symbol as JSON text. */
  readonly symbolJson: string;
  /** Consolidated tape: A, B or C. */
  readonly tape: string;
}

/** `b`: a minute that closed; `d`: the day so far. */
export type BarKind = 'b' | 'd';

/** The label of an instrument; made once per venue. */
export function instrumentLabel(instrument: Instrument): InstrumentLabel {
  const { symbol, exchange } = instrument;
  return { symbol, symbolJson: JSON.stringify(symbol), tape: consolidatedTape(exchange) };
}

/** A trade. Its id is its place on the tape, which stays below 2^53. */
export function tradeMessage(label: InstrumentLabel, trade: TradeView): Encode {
  return (encoding) => (encoding === 'json' ? tradeText(label, trade) : tradeMsgpack(label, trade));
}

/** The best bid and offer after a change. An absent side has price and size 0. */
export function quoteMessage(label: InstrumentLabel, quote: QuoteView): Encode {
  return (encoding) => (encoding === 'json' ? quoteText(label, quote) : quoteMsgpack(label, quote));
}

/** A bar, stamped with its start. */
export function barMessage(kind: BarKind, label: InstrumentLabel, bar: BarView): Encode {
  return (encoding) =>
    encoding === 'json' ? barText(kind, label, bar) : barMsgpack(kind, label, bar);
}

// Trades and quotes come in bulk: their text is put together here, which costs half of
// JSON.stringify. The tests hold the fields against those of REST.

function tradeText({ symbolJson, tape }: InstrumentLabel, trade: TradeView): ByteString {
  return jsonFrame(
    `[{"T":"t","S":${symbolJson},"i":${trade.position},"x":"${trade.venue}",` +
      `"p":${priceToDollars(trade.price)},"s":${trade.size},` +
      `"c":${JSON.stringify(tradeConditionLetters(trade.conditions))},"z":"${tape}",` +
      `"t":"${formatTime(trade.time)}"}]`,
  );
}

function quoteText({ symbolJson, tape }: InstrumentLabel, quote: QuoteView): ByteString {
  return jsonFrame(
    `[{"T":"q","S":${symbolJson},"bx":"${quote.bidVenue}",` +
      `"bp":${priceToDollars(quote.bidPrice)},"bs":${quote.bidSize},"ax":"${quote.askVenue}",` +
      `"ap":${priceToDollars(quote.askPrice)},"as":${quote.askSize},` +
      `"c":${JSON.stringify(quoteConditionLetters(quote.conditions))},"z":"${tape}",` +
      `"t":"${formatTime(quote.time)}"}]`,
  );
}

function barText(kind: BarKind, { symbol }: InstrumentLabel, bar: BarView): ByteString {
  return jsonFrame(JSON.stringify([{ T: kind, S: symbol, ...barJson(bar) }]));
}

/** A price as a float64 of dollars. */
function packPrice(price: Price): ByteString {
  return packFloat(priceToDollars(price));
}

function tradeMsgpack({ symbol, tape }: InstrumentLabel, trade: TradeView): ByteString {
  return frame(
    OPCODE_BINARY,
    `\x91\x89\xa1T\xa1t\xa1S${packText(symbol)}\xa1i${packInteger(trade.position)}` +
      `\xa1x${packText(trade.venue)}\xa1p${packPrice(trade.price)}\xa1s${packInteger(trade.size)}` +
      `\xa1c${packTexts(tradeConditionLetters(trade.conditions))}` +
      `\xa1z${packText(tape)}\xa1t${packTime(trade.time)}`,
  );
}

function quoteMsgpack({ symbol, tape }: InstrumentLabel, quote: QuoteView): ByteString {
  return frame(
    OPCODE_BINARY,
    `\x91\x8b\xa1T\xa1q\xa1S${packText(symbol)}\xa2bx${packText(quote.bidVenue)}` +
      `\xa2bp${packPrice(quote.bidPrice)}\xa2bs${packInteger(quote.bidSize)}` +
      `\xa2ax${packText(quote.askVenue)}\xa2ap${packPrice(quote.askPrice)}` +
      `\xa2as${packInteger(quote.askSize)}` +
      `\xa1c${packTexts(quoteConditionLetters(quote.conditions))}` +
      `\xa1z${packText(tape)}\xa1t${packTime(quote.time)}`,
  );
}

function barMsgpack(kind: BarKind, { symbol }: InstrumentLabel, bar: BarView): ByteString {
  const { o, h, l, c, v, n, vw } = barJson(bar);
  return frame(
    OPCODE_BINARY,
    `\x91\x8a\xa1T\xa1${kind}\xa1S${packText(symbol)}\xa1o${packFloat(o)}` +
      `\xa1h${packFloat(h)}\xa1l${packFloat(l)}\xa1c${packFloat(c)}` +
      `\xa1v${packInteger(v)}\xa1n${packInteger(n)}` +
      `\xa2vw${packFloat(vw)}\xa1t${packTime(bar.start)}`,
  );
}
