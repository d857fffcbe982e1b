#!/usr/bin/env python3
"""Checks a .tlog-proof of a Sekisho audit log with nothing but Python's standard library.

    verify_proof.py FILE.tlog-proof VERIFIER-KEY

It is written from the specifications alone (C2SP tlog-proof, tlog-checkpoint and
signed-note, RFC 6962 section 2.1, RFC 8032 section 5.1.7) and shares no code with Sekisho.
It prints the entry and ends with 0 if the proof holds, else it says why not and ends with 1.
"""
import base64
import hashlib
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


class Bad(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Bad(why)


# Ed25519, RFC 8032.

def recover(y, sign):
    need(y < P, "point out of range")
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    need((x * x - x2) % P == 0, "not a point of the curve")
    need(x or not sign, "not a point of the curve")
    return P - x if x % 2 != sign else x


def decode_point(b):
    n = int.from_bytes(b, "little")
    y = n & (2**255 - 1)
    x = recover(y, n >> 255)
    return (x, y, 1, x * y % P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Merkle tree, RFC 6962.

def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2, which spells out how to verify RFC 6962's paths."""
    need(0 <= index < size, "the entry is beyond the tree")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        need(sn != 0, "the path is too long")
        if fn % 2 or fn == sn:
            r = node_hash(p, r)
            while not fn % 2 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "the path is too short")
    return r


# The files.

def decode64(text):
    b = base64.b64decode(text, validate=True)
    need(base64.b64encode(b).decode() == text, "base64 is not canonical")
    return b


def number(text):
    n = int(text)
    need(str(n) == text and n >= 0, "a number is not canonical")
    return n


def open_note(note, vkey):
    name, key_hash, key = vkey.split("+", 2)
    key = decode64(key)
    need(key[0] == 1, "the key is not Ed25519")
    need(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_hash, "the verifier key is broken")
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines():
        dash, who, signature = line.split(" ")
        need(dash == "\u2014", "a signature line is malformed")
        signature = decode64(signature)
        if who == name and signature[:4].hex() == key_hash:
            need(ed25519_verify(key[1:], text.encode(), signature[4:]), "the checkpoint's signature is wrong")
            return name, text
    raise Bad("the checkpoint is not signed by this key")


def verify(proof, vkey):
    head, separator, note = proof.partition("\n\n")
    lines = head.split("\n")
    need(separator and lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a tlog-proof")
    need(lines and lines[0].startswith("extra "), "the proof does not carry its entry")
    entry = decode64(lines.pop(0)[len("extra "):])
    need(lines and lines[0].startswith("index "), "no index")
    index = number(lines.pop(0)[len("index "):])
    path = [decode64(line) for line in lines]
    need(all(len(p) == 32 for p in path), "a hash has the wrong length")
    name, text = open_note(note, vkey)
    origin, size, root = text.split("\n")[:3]
    need(origin == name or origin.startswith(name + "/epoch-"), "the checkpoint is of another log")
    need(root_of(leaf_hash(entry), index, number(size), path) == decode64(root), "the entry is not in this tree")
    return entry, index, int(size)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as f:
        proof = f.read()
    try:
        entry, index, size = verify(proof, sys.argv[2])
    except (Bad, ValueError) as why:
        print(f"NOT PROVED: {why}")
        sys.exit(1)
    print(f"PROVED: entry {index} of {size}: {entry.decode()}")


if __name__ == "__main__":
    main()
