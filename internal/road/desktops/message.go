package desktops

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Messages from the browser (RFC 6143 §7.5 and the community's registry).
const (
	setPixelFormat    = 0
	setEncodings      = 2
	updateRequest     = 3
	keyEvent          = 4
	pointerEvent      = 5
	clientCutText     = 6
	continuousUpdates = 150 // EnableContinuousUpdates; from the server: their end
	fence             = 248
	setDesktopSize    = 251
	qemu              = 255
)

// Messages from the server (RFC 6143 §7.6).
const (
	framebufferUpdate = 0
	bell              = 2
	serverCutText     = 3
)

// Encodings that can be framed (RFC 6143 §7.7 and the community's registry).
const (
	rawRect     = 0
	copyRect    = 1
	rreRect     = 2
	hextileRect = 5
	zlibRect    = 6
	tightRect   = 7
	zrleRect    = 16

	desktopSize         = -223
	lastRect            = -224
	cursor              = -239
	qemuKeys            = -258
	ledState            = -261
	extendedDesktopSize = -308
	fenceSupport        = -312
	continuousSupport   = -313
	vmwareCursor        = 0x574d5664

	qualityLow, qualityHigh   = -32, -23   // JPEG quality of Tight
	compressLow, compressHigh = -256, -247 // compression level
)

// allowed says whether an encoding may be asked for. What is left out: TightPNG,
// JPEG and H.264, which carry no length; the server's name, which may tell
// hosts; xvp, which switches machines off; and every form of clipboard.
func allowed(encoding int32) bool {
	switch encoding {
	case rawRect, copyRect, rreRect, hextileRect, zlibRect, tightRect, zrleRect,
		desktopSize, lastRect, cursor, qemuKeys, ledState, extendedDesktopSize, fenceSupport, continuousSupport, vmwareCursor:
		return true
	}
	return (encoding >= qualityLow && encoding <= qualityHigh) || (encoding >= compressLow && encoding <= compressHigh)
}

const (
	maxFence     = 64       // payload, by definition
	maxCutText   = 64 << 20 // dropped unseen; more is no clipboard
	maxEncodings = 256
	maxScreens   = 16
	pictures     = 32 << 10 // buffers towards the browser
	strokes      = 4 << 10  // and towards the desktop: small messages only
)

// pipe is one direction: messages are read, judged and passed on. It flushes
// before it would wait, so that small messages are not held up and large ones
// travel in large pieces.
type pipe struct {
	r *bufio.Reader
	w *bufio.Writer
}

func newPipe(r *bufio.Reader, w io.Writer) pipe { return pipe{r, bufio.NewWriterSize(w, r.Size())} }

// peek waits for n bytes, which stay where they are.
func (p pipe) peek(n int) ([]byte, error) {
	if p.r.Buffered() < n {
		if err := p.w.Flush(); err != nil {
			return nil, err
		}
	}
	b, err := p.r.Peek(n)
	if err == io.EOF && len(b) > 0 {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}

// pass hands n bytes on and returns them; they are valid until the next read.
func (p pipe) pass(n int) ([]byte, error) {
	b, err := p.peek(n)
	if err != nil {
		return nil, err
	}
	if _, err := p.w.Write(b); err != nil {
		return nil, err
	}
	_, err = p.r.Discard(n) // buffered: cannot fail, and leaves b alone
	return b, err
}

// take reads n bytes that are not handed on.
func (p pipe) take(n int) ([]byte, error) {
	b, err := p.peek(n)
	if err != nil {
		return nil, err
	}
	_, err = p.r.Discard(n)
	return b, err
}

// stream hands n bytes on without looking at them.
func (p pipe) stream(n int64) error {
	for n > 0 {
		if _, err := p.peek(1); err != nil {
			return unexpected(err)
		}
		b, err := p.r.Peek(int(min(n, int64(p.r.Buffered()))))
		if err != nil {
			return err
		}
		if _, err := p.w.Write(b); err != nil {
			return err
		}
		if _, err := p.r.Discard(len(b)); err != nil {
			return err
		}
		n -= int64(len(b))
	}
	return nil
}

// drop reads n bytes for nothing.
func (p pipe) drop(n int64) error {
	if err := p.w.Flush(); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, p.r, n)
	return unexpected(err)
}

// cutText drops a clipboard message whose type is the next byte. A negative
// length marks the extended form (its bytes count all the same).
func (p pipe) cutText() error {
	head, err := p.take(8)
	if err != nil {
		return unexpected(err)
	}
	n := int64(int32(be32(head[4:])))
	if n < 0 {
		n = -n
	}
	if n > maxCutText {
		return broken("clipboard of %d bytes", n)
	}
	return p.drop(n)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// broken is the end of a stream that left the protocol.
func broken(format string, args ...any) error {
	return errProtocol.Because(errors.New("desktops: " + fmt.Sprintf(format, args...)))
}

func be16(b []byte) int    { return int(b[0])<<8 | int(b[1]) }
func be32(b []byte) uint32 { return uint32(be16(b))<<16 | uint32(be16(b[2:])) }
