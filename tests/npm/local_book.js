// A plain order book kept from a stream, and what is compared of it.

export class LocalBook {
  constructor() {
    this.sides = {bids: new Map(), asks: new Map()};
  }

  // Absolute sizes; zero removes. Prices are kept as text, as sent.
  set(side, price, size) {
    if (Number(size) === 0) this.sides[side].delete(price);
    else this.sides[side].set(price, size);
  }

  // [[price, size], …] best first.
  levels(side) {
    const sign = side === "bids" ? -1 : 1;
    return [...this.sides[side]].sort((a, b) => sign * (Number(a[0]) - Number(b[0])));
  }

  isCrossed() {
    const [bids, asks] = [this.levels("bids"), this.levels("asks")];
    return bids.length > 0 && asks.length > 0 && Number(bids[0][0]) >= Number(asks[0][0]);
  }
}

// Numbers of [[price, size, …], …], so that differently written decimals compare equal.
export const numbers = (levels) => levels.map(([price, size]) => [Number(price), Number(size)]);
