/** The inputs that are records: rust-port/examples/compute/src/orders.rs has them as structs. */

const TITLES = [
  "Trail running shoes, size 43, waterproof",
  "Merino base layer, long sleeve",
  "Head torch, 400 lumens, rechargeable",
  "Folding water bottle, 750 ml",
  "First-aid kit for two persons",
];

const CITIES = ["Utrecht", "Göteborg", "Kraków", "Porto", "Salzburg", "Aarhus", "Bilbao"];

function line(n: number) {
  return {
    sku: `SKU-${10_400 + 37 * n}-EU`,
    title: TITLES[n % TITLES.length] ?? "",
    quantity: 1 + (n % 3),
    unit_price: 12.95 + 17.5 * n,
    tax_rate: 0.21,
    in_stock: n % 4 !== 3,
    tags: ["outdoor", n % 2 === 0 ? "summer" : "winter"],
  };
}

function address(kind: string, street: string) {
  return {
    kind,
    street,
    postal_code: "3511 LX",
    city: "Utrecht",
    country: "NL",
    latitude: 52.0907374,
    longitude: 5.1214201,
  };
}

/** 2 KB as JSON. */
export const ORDER = {
  id: 984_120_377,
  number: "2026-0984120377",
  placed_at: "2026-03-14T09:26:53.589Z",
  status: "awaiting_shipment",
  currency: "EUR",
  customer: {
    id: 220_114,
    name: "Annemarie van den Broek-Żółkiewska",
    email: "annemarie@example.org",
    phone: "+31 30 123 45 67",
    newsletter: false,
    addresses: [address("billing", "Oudegracht 112 bis"), address("shipping", "Biltstraat 9")],
  },
  lines: [0, 1, 2, 3, 4, 5, 6].map(line),
  payment: {
    method: "ideal",
    reference: "tr_7UhSN1zuXS8Qk4w",
    paid: true,
    authorised_at: "2026-03-14T09:27:10.002Z",
  },
  totals: { net: 458.37, tax: 96.26, shipping: 5.95, gross: 560.58 },
  gift_message: null,
  notes: ["Leave it with the neighbours at number 11.", "Ring twice; the bell is faint."],
};

function row(id: number) {
  return {
    id,
    name: `Customer number ${id}`,
    email: `customer.${id}@example.org`,
    city: CITIES[id % CITIES.length] ?? "",
    score: ((id * 7919) % 1000) + 0.5,
    visits: (id * 31) % 500,
    active: id % 3 !== 0,
    joined: `20${10 + (id % 15)}-0${1 + (id % 9)}-1${id % 10}`,
  };
}

export function makeRows(count: number) {
  return Array.from({ length: count }, (_, id) => row(id));
}
