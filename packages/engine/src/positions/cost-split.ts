/** Average cost: how much of a position's cost goes with the shares that are sold. */
import { NANOS_PER_UNIT, joinNanos, nanosOf, wholeOf } from '../values/quantity.ts';

/** Products below this are exact in a float64. */
const EXACT = Number.MAX_SAFE_INTEGER;

/**
 * Takes the cost of `soldWhole + soldNanos` shares out of the cost pair at `costAt` of `record`,
 * when the position is `qtyWhole + qtyNanos` shares: cost × sold / qty rounded down, all of it
 * when everything is sold. Allocates nothing for whole shares up to about 4,500,000 of them and
 * cost × shares below 2^53 dollars; larger and fractional ones go through bigint.
 */
export function splitCost(
  record: Float64Array,
  costAt: number,
  qtyWhole: number,
  qtyNanos: number,
  soldWhole: number,
  soldNanos: number,
): void {
  const dollars = record[costAt] as number;
  const nanos = record[costAt + 1] as number;
  let soldDollars: number;
  let soldCostNanos: number;
  const product = dollars * soldWhole;
  if (soldWhole === qtyWhole && soldNanos === qtyNanos) {
    soldDollars = dollars;
    soldCostNanos = nanos;
  } else if (
    qtyNanos === 0 &&
    soldNanos === 0 &&
    product <= EXACT &&
    (qtyWhole + soldWhole) * NANOS_PER_UNIT <= EXACT
  ) {
    soldDollars = Math.floor(product / qtyWhole);
    let rest = product - soldDollars * qtyWhole;
    // The quotient of two exact integers may have been rounded up to the next integer.
    if (rest < 0) {
      soldDollars--;
      rest += qtyWhole;
    }
    const billionths = rest * NANOS_PER_UNIT + nanos * soldWhole;
    soldCostNanos = Math.floor(billionths / qtyWhole);
    if (soldCostNanos * qtyWhole > billionths) soldCostNanos--;
  } else {
    const sold =
      (joinNanos(dollars, nanos) * joinNanos(soldWhole, soldNanos)) / joinNanos(qtyWhole, qtyNanos);
    soldDollars = wholeOf(sold);
    soldCostNanos = nanosOf(sold);
  }
  const carry = soldCostNanos >= NANOS_PER_UNIT ? 1 : 0;
  const leftNanos = nanos - (soldCostNanos - carry * NANOS_PER_UNIT);
  const borrow = leftNanos < 0 ? 1 : 0;
  record[costAt] = dollars - soldDollars - carry - borrow;
  record[costAt + 1] = leftNanos + borrow * NANOS_PER_UNIT;
}
