// A small writer of ONNX files: just the messages that a plain convolutional
// network needs (onnx.proto3, IR version 8, operator set 13). Field numbers
// are those of the public schema.

const F32 = 1;
const I64 = 7;

function varint(n) {
  const out = [];
  let v = BigInt.asUintN(64, BigInt(n));
  do {
    const low = Number(v & 0x7fn);
    v >>= 7n;
    out.push(v > 0n ? low | 0x80 : low);
  } while (v > 0n);
  return Buffer.from(out);
}

const int = (field, n) => Buffer.concat([varint(field << 3), varint(n)]);
const bytes = (field, b) => Buffer.concat([varint((field << 3) | 2), varint(b.length), b]);
const text = (field, s) => bytes(field, Buffer.from(s));

function attribute(name, value) {
  const ints = Array.isArray(value);
  return bytes(5, Buffer.concat([
    text(1, name),
    ...(ints ? value.map((v) => int(8, v)) : typeof value === 'string' ? [text(4, value)] : typeof value === 'number' && Number.isInteger(value) ? [int(3, value)] : [float(2, value)]),
    int(20, ints ? 7 : typeof value === 'string' ? 3 : Number.isInteger(value) ? 2 : 1),
  ]));
}

function float(field, v) {
  const b = Buffer.alloc(4);
  b.writeFloatLE(v);
  return Buffer.concat([varint((field << 3) | 5), b]);
}

function valueInfo(field, name, shape) {
  const dims = shape.map((d) => bytes(1, int(1, d)));
  const tensor = Buffer.concat([int(1, F32), bytes(2, Buffer.concat(dims))]);
  return bytes(field, Buffer.concat([text(1, name), bytes(2, bytes(1, tensor))]));
}

/** Graph collects nodes and weights; every method returns the name of what it makes. */
export class Graph {
  constructor(name, input, shape) {
    this.name = name;
    this.input = valueInfo(11, input, shape);
    this.nodes = [];
    this.tensors = [];
    this.count = 0;
  }

  tensor(data, dims) {
    const name = `w${this.tensors.length}`;
    const wide = data instanceof BigInt64Array;
    this.tensors.push(bytes(5, Buffer.concat([
      ...dims.map((d) => int(1, d)), int(2, wide ? I64 : F32), text(8, name),
      bytes(9, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    ])));
    return name;
  }

  node(type, inputs, attributes = {}, output = `n${this.count++}`) {
    this.nodes.push(bytes(1, Buffer.concat([
      ...inputs.map((i) => text(1, i)), text(2, output), text(3, output), text(4, type),
      ...Object.entries(attributes).map(([k, v]) => attribute(k, v)),
    ])));
    return output;
  }

  model(outputs) {
    const graph = Buffer.concat([
      ...this.nodes, text(2, this.name), ...this.tensors, this.input,
      ...outputs.map(([name, shape]) => valueInfo(12, name, shape)),
    ]);
    return Buffer.concat([int(1, 8), text(2, 'sekisho'), bytes(7, graph), bytes(8, int(2, 13))]);
  }
}
