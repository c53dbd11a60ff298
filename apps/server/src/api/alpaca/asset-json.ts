/** The asset object: an instrument as clients of a cash account may use it. */
import type { AlpacaAsset } from '@rialto/contracts/alpaca/asset';
import type { Instrument } from '@rialto/engine/instruments/instrument';

/** Writes an instrument. Nothing can be borrowed or bought on margin. */
export function assetJson(instrument: Instrument): AlpacaAsset {
  return {
    id: instrument.id,
    class: 'us_equity',
    exchange: instrument.exchange,
    symbol: instrument.symbol,
    name: instrument.name,
    status: 'active',
    tradable: instrument.tradable,
    marginable: false,
    shortable: false,
    easy_to_borrow: false,
    borrow_status: null,
    fractionable: instrument.fractionable,
    maintenance_margin_requirement: 100,
    margin_requirement_long: '100',
    margin_requirement_short: '100',
    attributes: [],
    cusip: null,
  };
}
