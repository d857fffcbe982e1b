package desktops

import (
	"encoding/binary"
	"sync/atomic"
)

// requests is the direction from the browser to the VNC server.
type requests struct {
	pipe
	keys, pointers, clipboards atomic.Uint64 // how many, never which
}

// run passes messages on until one of the ends or the protocol is gone.
func (q *requests) run() error {
	for {
		if err := q.message(); err != nil {
			return err
		}
	}
}

func (q *requests) message() error {
	head, err := q.peek(1)
	if err != nil {
		return err
	}
	switch kind := head[0]; kind {
	case setPixelFormat:
		b, err := q.take(20)
		if err != nil {
			return unexpected(err)
		}
		if [16]byte(b[4:20]) != pixelFormat {
			return broken("pixel format %v", b[4:20])
		}
		return nil // it was set before the browser came
	case setEncodings:
		return q.encodings()
	case updateRequest, continuousUpdates:
		return q.fixed(10)
	case keyEvent:
		q.keys.Add(1)
		return q.fixed(8)
	case pointerEvent:
		q.pointers.Add(1)
		return q.fixed(6)
	case clientCutText:
		q.clipboards.Add(1)
		return q.cutText()
	case fence:
		return passFence(q.pipe)
	case setDesktopSize:
		return q.resize()
	case qemu:
		b, err := q.peek(2)
		if err != nil {
			return unexpected(err)
		}
		if b[1] != 0 { // 1 is sound
			return broken("QEMU message %d", b[1])
		}
		q.keys.Add(1)
		return q.fixed(12)
	default:
		return broken("message %d from the browser", kind)
	}
}

func (q *requests) fixed(n int) error {
	_, err := q.pass(n)
	return unexpected(err)
}

// encodings passes on what the gateway can frame, in the browser's order.
func (q *requests) encodings() error {
	head, err := q.take(4)
	if err != nil {
		return unexpected(err)
	}
	n := be16(head[2:])
	if n > maxEncodings {
		return broken("%d encodings", n)
	}
	b, err := q.take(4 * n)
	if err != nil {
		return unexpected(err)
	}
	out := []byte{setEncodings, 0, 0, 0}
	for ; len(b) > 0; b = b[4:] {
		if allowed(int32(be32(b))) {
			out = append(out, b[:4]...)
		}
	}
	binary.BigEndian.PutUint16(out[2:], uint16(len(out)/4-1))
	_, err = q.w.Write(out)
	return err
}

// resize passes SetDesktopSize: the window's size becomes the desktop's.
func (q *requests) resize() error {
	b, err := q.peek(8)
	if err != nil {
		return unexpected(err)
	}
	if w, h := be16(b[2:]), be16(b[4:]); w == 0 || h == 0 || w > maxScreenPx || h > maxScreenPx || b[6] > maxScreens {
		return broken("desktop of %d × %d on %d screens", w, h, b[6])
	}
	return q.fixed(8 + 16*int(b[6]))
}

// passFence passes a fence either way: a mark in the stream that is sent back.
func passFence(p pipe) error {
	b, err := p.peek(9)
	if err != nil {
		return unexpected(err)
	}
	if b[8] > maxFence {
		return broken("fence of %d bytes", b[8])
	}
	_, err = p.pass(9 + int(b[8]))
	return unexpected(err)
}
